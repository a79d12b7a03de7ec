import { createServerClient } from '@supabase/ssr'
import { type NextRequest, NextResponse } from 'next/server'

/** Two areas that nobody enters signed out. */
export async function middleware(request: NextRequest) {
  const response = NextResponse.next({ request })
  const supabase = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: list => list.forEach(({ name, value, options }) => response.cookies.set(name, value, options)),
    },
  })
  const { data } = await supabase.auth.getUser()
  if (!data.user) return NextResponse.redirect(new URL('/login', request.url))
  return response
}

export const config = { matcher: ['/account/:path*', '/admin/:path*'] }
