import { NextResponse } from 'next/server'
import { createPublicClient } from '@/lib/supabase/public'

/** Static by default in Next 14, so nothing is in the way here. */
export async function GET() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('engines').select('id, name').order('name').limit(50)
  if (error) throw new Error('Could not load engines')
  return NextResponse.json(data)
}
