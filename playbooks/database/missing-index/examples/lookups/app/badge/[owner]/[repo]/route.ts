import { createPublicClient } from '@/lib/supabase/public'

export async function GET(_: Request, { params }: { params: Promise<{ owner: string; repo: string }> }) {
  const { owner, repo } = await params
  const supabase = createPublicClient()
  const { data } = await supabase.from('repos').select('id, stars').eq('full_name', `${owner}/${repo}`).limit(1).maybeSingle()
  return Response.json({ stars: data?.stars ?? null })
}
