import { createServerClient } from '@supabase/ssr'
import { type NextRequest, NextResponse } from 'next/server'

/** No matcher: every image, font and chunk asks Supabase Auth who is there. */
export async function middleware(request: NextRequest) {
  const response = NextResponse.next({ request })
  const supabase = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: list => list.forEach(({ name, value, options }) => response.cookies.set(name, value, options)),
    },
  })
  const { data } = await supabase.auth.getUser() // expect: auth/user-lookup-per-request
  if (!data.user && request.nextUrl.pathname.startsWith('/account')) {
    return NextResponse.redirect(new URL('/login', request.url))
  }
  return response
}
