'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { createClient } from '@/lib/supabase/server'

const input = z.object({ topic_id: z.uuid(), body: z.string().min(1).max(4000) })

export async function reply(form: FormData) {
  const values = input.parse(Object.fromEntries(form))
  const supabase = await createClient()
  const {
    data: { user },
  } = await supabase.auth.getUser()
  if (!user) redirect('/login')
  const { error } = await supabase.from('replies').insert({ ...values, author_id: user.id })
  if (error) throw new Error('Could not answer')
}
