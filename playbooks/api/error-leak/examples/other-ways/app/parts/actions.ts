'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const part = z.object({ name: z.string().min(1).max(80) })

/** The address of a redirect is sent too. */
export async function addPart(form: FormData) {
  const values = part.parse(Object.fromEntries(form))
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('parts').insert({ ...values, owner_id: user.id })
  if (error) redirect(`/parts?failed=${encodeURIComponent(error.message)}`) // expect: api/error-leak
  redirect('/parts?added=1')
}
