import { type NextRequest, NextResponse } from 'next/server'
import { createClient } from '@/lib/supabase/server'

/** In Next 15 a file of this name is a file like any other. */
export async function proxy(_request: NextRequest) {
  const supabase = await createClient()
  await supabase.auth.getUser()
  return NextResponse.next()
}
