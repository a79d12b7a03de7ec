'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { AppError, messageFor, publicMessage } from '@/lib/errors'

const part = z.object({ name: z.string().min(1, 'A name is required').max(80) })

/** Thrown: Next sends a digest to the browser in production, not the message. */
export async function addPart(input: unknown) {
  const values = part.parse(input)
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('parts').insert({ ...values, owner_id: user.id })
  if (error) throw new Error(error.message)
}

/** The message of the schema is ours, and meant for the reader. */
export async function checkPart(input: unknown) {
  const parsed = part.safeParse(input)
  if (!parsed.success) return { error: parsed.error.issues[0]?.message ?? 'Invalid' }
  return { error: null }
}

/** The code picks a text; the message goes to the log. */
export async function renamePart(input: unknown) {
  const values = z.object({ id: z.uuid(), name: z.string().min(1).max(80) }).parse(input)
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('parts').update({ name: values.name }).eq('id', values.id).eq('owner_id', user.id)
  if (error) {
    console.error('rename part', error.message)
    return { error: messageFor(error.code) }
  }
  return { error: null }
}

export async function publishPart(input: unknown) {
  const id = z.uuid().parse(input)
  const { supabase, user } = await requireUser()
  try {
    const { data } = await supabase.from('parts').select('name').eq('id', id).eq('owner_id', user.id).maybeSingle()
    if (!data) throw new AppError('There is no such part')
    await supabase.from('parts').update({ published: true }).eq('id', id).eq('owner_id', user.id).throwOnError()
    return { error: null }
  } catch (error) {
    return { error: publicMessage(error) }
  }
}
