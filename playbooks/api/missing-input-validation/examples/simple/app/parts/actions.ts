'use server'

import { revalidatePath } from 'next/cache'
import { requireUser } from '@/lib/auth'

interface NewPart {
  name: string
  price_cents: number
}

/** The type is a wish: a caller may post any object, and every column of it is written. */
export async function createPart(input: NewPart) { // expect: api/missing-input-validation
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('parts').insert({ ...input, owner_id: user.id })
  if (error) throw new Error('Could not save the part')
  revalidatePath('/parts')
}

// expect: api/missing-input-validation
export async function renamePart(id: string, formData: FormData) {
  const { supabase, user } = await requireUser()
  const name = formData.get('name') as string
  if (!name) return { error: 'A name is required' }
  const { error } = await supabase.from('parts').update({ name }).eq('id', id).eq('owner_id', user.id)
  if (error) return { error: 'Could not rename the part' }
  return { error: null }
}
