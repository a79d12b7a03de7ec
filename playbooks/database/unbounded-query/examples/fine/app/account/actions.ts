'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const draft = z.object({ title: z.string().trim().min(1).max(120), body: z.string().max(20_000) })

/** What a write returns is what it wrote. */
export async function createDraft(input: unknown) {
  const values = draft.parse(input)
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase
    .from('posts')
    .insert({ ...values, author_id: user.id })
    .select('id')
  if (error) throw new Error('Could not save the draft')
  return data[0]
}
