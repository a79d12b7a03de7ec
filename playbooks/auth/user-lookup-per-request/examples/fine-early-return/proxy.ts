import { createServerClient } from '@supabase/ssr'
import { type NextRequest, NextResponse } from 'next/server'

const PRIVATE = ['/account', '/admin']

/** The matcher is broad, the question is not: public paths leave before it. */
export async function proxy(request: NextRequest) {
  const isPrivate = PRIVATE.some(prefix => request.nextUrl.pathname.startsWith(prefix))
  if (!isPrivate) return NextResponse.next()
  const response = NextResponse.next({ request })
  const supabase = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY!, {
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: list => list.forEach(({ name, value, options }) => response.cookies.set(name, value, options)),
    },
  })
  const { data } = await supabase.auth.getUser()
  if (!data.user) return NextResponse.redirect(new URL('/login', request.url))
  return response
}

export const config = { matcher: ['/((?!_next/static|_next/image|favicon.ico).*)'] }
