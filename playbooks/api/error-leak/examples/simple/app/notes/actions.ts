'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'

export async function addNote(input: unknown) {
  const body = z.string().min(1).max(2000).parse(input)
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('notes').insert({ body, user_id: user.id })
  if (error) return { success: false, error: `Saving failed: ${error.message}` } // expect: api/error-leak
  return { success: true, error: null }
}

/** The whole error object goes to the browser: message, details, hint and code. */
export async function clearNotes() {
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('notes').delete().eq('user_id', user.id)
  return { error } // expect: api/error-leak
}
