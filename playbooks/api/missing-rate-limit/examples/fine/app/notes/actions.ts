'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'

/** A small write of a signed-in user: the account is the limit. */
export async function addNote(input: unknown) {
  const body = z.string().min(1).max(2000).parse(input)
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('notes').insert({ body, user_id: user.id })
  if (error) throw new Error('Could not save the note')
}
