'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { find, newest } from '@/lib/search'

const searchInput = z.object({ name: z.string().min(1).max(80), brand: z.string().max(80).optional() })

export async function search(input: unknown) {
  const parsed = searchInput.safeParse(input)
  if (!parsed.success) return { error: 'Invalid search' }
  await requireUser()
  return { parts: await find(parsed.data) }
}

export async function sorted(input: unknown) {
  const column = z.string().max(40).parse(input)
  await requireUser()
  return newest(column)
}

export async function report(input: unknown) {
  const month = z.string().max(20).parse(input)
  const { supabase } = await requireUser()
  const { data, error } = await supabase.rpc('run_sql', { query: `select * from sales where month = '${month}' limit 100` }) // expect: database/raw-sql
  if (error) throw new Error('Could not run the report')
  return data
}
