'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'

export async function removeItem(id: string) {
  const itemId = z.uuid().parse(id)
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('items').delete().eq('id', itemId).eq('user_id', user.id)
  if (error) throw new Error('Could not remove the item')
  revalidatePath('/dashboard')
}

const importRows = z.array(z.object({ title: z.string().max(200) })).max(5000)

/** The loop builds rows and writes them in chunks: one statement per 500 rows. */
export async function importItems(input: unknown) {
  const rows = importRows.parse(input)
  const { supabase, user } = await requireUser()
  const records: { user_id: string; title: string }[] = []
  for (const row of rows) {
    records.push({ user_id: user.id, title: row.title })
  }
  for (let start = 0; start < records.length; start += 500) {
    const { error } = await supabase.from('items').insert(records.slice(start, start + 500))
    if (error) throw new Error('Could not import')
  }
}
