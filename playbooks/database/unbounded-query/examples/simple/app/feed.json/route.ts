import { NextResponse } from 'next/server'
import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 600

export async function GET() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('posts').select('*').eq('is_published', true) // expect: database/unbounded-query
  if (error) {
    console.error('feed', error)
    throw new Error('Could not build the feed')
  }
  return NextResponse.json({ items: data })
}
