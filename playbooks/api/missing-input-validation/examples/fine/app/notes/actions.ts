'use server'

import * as v from 'valibot'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { isUuid, parseInput, sanitizeSettings } from '@/lib/validation'

const note = z.object({ title: z.string().trim().min(1).max(120), body: z.string().max(10_000) })

export async function createNote(input: z.infer<typeof note>) {
  const parsed = parseInput(note, input)
  if (!parsed.ok) return { error: parsed.error }
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('notes').insert({ ...parsed.value, user_id: user.id })
  return { error: error ? 'Could not save the note' : null }
}

export async function deleteNote(id: string) {
  if (!isUuid(id)) return { error: 'Unknown note' }
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('notes').delete().eq('id', id).eq('user_id', user.id)
  return { error: error ? 'Could not delete the note' : null }
}

export async function saveSettings(formData: FormData) {
  const { supabase, user } = await requireUser()
  const settings = sanitizeSettings({ theme: formData.get('theme'), digest: formData.get('digest') === 'on' })
  const { error } = await supabase.from('settings').upsert({ user_id: user.id, ...settings })
  if (error) throw new Error('Could not save the settings')
}

const tag = v.pipe(v.string(), v.minLength(1), v.maxLength(40))

export async function addTag(noteId: string, name: string) {
  const id = z.uuid().parse(noteId)
  const label = v.parse(tag, name)
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('tags').insert({ note_id: id, name: label, user_id: user.id })
  if (error) throw new Error('Could not add the tag')
}

/** Nothing comes from the caller. */
export async function archiveAll() {
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('notes').update({ archived: true }).eq('user_id', user.id)
  if (error) throw new Error('Could not archive')
}
