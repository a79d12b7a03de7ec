'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { assertUser, clerkUserId } from '@/lib/guards'
import { createClient } from '@/lib/supabase/server'

const text = z.string().min(1).max(2000)

export async function addNote(input: unknown) {
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('notes').insert({ body: text.parse(input), user_id: user.id })
  if (error) throw new Error('Could not save the note')
}

export async function addTask(input: unknown) {
  const user = await assertUser()
  const supabase = await createClient()
  const { error } = await supabase.from('tasks').insert({ body: text.parse(input), user_id: user.id })
  if (error) throw new Error('Could not save the task')
}

export async function addIdea(input: unknown) {
  const userId = await clerkUserId()
  const supabase = await createClient()
  const { error } = await supabase.from('ideas').insert({ body: text.parse(input), user_id: userId })
  if (error) throw new Error('Could not save the idea')
}

/** A listing for everybody needs nobody. */
export async function publicNotes() {
  const supabase = await createClient()
  const { data, error } = await supabase.from('notes').select('id, body').eq('is_public', true).order('id').limit(20)
  if (error) throw new Error('Could not load notes')
  return data
}
