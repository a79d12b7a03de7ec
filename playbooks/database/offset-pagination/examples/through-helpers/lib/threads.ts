import { createPublicClient } from '@/lib/supabase/public'
import { type Page, paginate, toRange } from '@/lib/paging'

export async function listThreads(page: Page, topic?: string) {
  const supabase = createPublicClient()
  let query = supabase.from('threads').select('id, title') // expect: database/offset-pagination
  query = topic ? query.eq('topic', topic) : query.order('pinned')
  const { data, error } = await paginate(query.order('id'), page)
  if (error) throw new Error('Could not load threads')
  return data
}

export async function listTags(page: Page) {
  const supabase = createPublicClient()
  const query = supabase.from('tags').select('id, name').order('name')
  const { data, error } = await query.range(...toRange(page)) // expect: database/offset-pagination
  if (error) throw new Error('Could not load tags')
  return data
}
