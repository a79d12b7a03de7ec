import { createServerClient } from '@supabase/ssr'
import { type NextRequest, NextResponse } from 'next/server'

/** The app lives under src/: Next looks for src/middleware.ts and never runs this file. */
export async function middleware(request: NextRequest) {
  const response = NextResponse.next({ request })
  const supabase = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: list => list.forEach(({ name, value, options }) => response.cookies.set(name, value, options)),
    },
  })
  await supabase.auth.getUser()
  return response
}
