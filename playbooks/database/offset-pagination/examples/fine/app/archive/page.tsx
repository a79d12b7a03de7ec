import { createPublicClient } from '@/lib/supabase/public'

function clampPage(value: string | undefined): number {
  const page = Number.parseInt(value ?? '1', 10)
  return Number.isNaN(page) ? 1 : Math.min(Math.max(page, 1), 10)
}

export default async function ArchivePage({ searchParams }: { searchParams: Promise<{ page?: string }> }) {
  const page = clampPage((await searchParams).page)
  const supabase = createPublicClient()
  const start = (page - 1) * 50
  const { data, error } = await supabase.from('archive').select('id, name').order('id').range(start, start + 49)
  if (error) throw new Error('Could not load the archive')
  return <p>{data.length}</p>
}
