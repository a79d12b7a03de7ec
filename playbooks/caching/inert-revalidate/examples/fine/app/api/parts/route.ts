import { NextResponse } from 'next/server'
import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 60

export async function GET() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('parts').select('id, name').order('name').limit(50)
  if (error) throw new Error('Could not load parts')
  return NextResponse.json(data)
}
