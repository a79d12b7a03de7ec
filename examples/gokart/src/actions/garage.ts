'use server'

import { revalidatePath } from 'next/cache'
import { type ActionResult, fail, GENERIC_ERROR, ok, parseInput } from '@/lib/action-result'
import { getCurrentUser } from '@/lib/auth'
import { logError } from '@/lib/log'
import { allowRequest } from '@/lib/rate-limit'
import { partIdSchema } from '@/lib/schemas/part'
import { createClient } from '@/lib/supabase/server'

export async function savePart(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(partIdSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Log in to save parts.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const supabase = await createClient()
  const { error } = await supabase
    .from('garage_items')
    .upsert({ user_id: user.id, part_id: parsed.data.partId }, { ignoreDuplicates: true })
  if (error) return fail(error.message)

  revalidatePath('/dashboard')
  return ok()
}

export async function removePart(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(partIdSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Please log in.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const supabase = await createClient()
  const { error } = await supabase
    .from('garage_items')
    .delete()
    .eq('user_id', user.id)
    .eq('part_id', parsed.data.partId)
  if (error) {
    logError('remove-part', error)
    return fail(GENERIC_ERROR)
  }

  revalidatePath('/dashboard')
  return ok()
}
