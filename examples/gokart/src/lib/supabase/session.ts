import { createServerClient } from '@supabase/ssr'
import { type NextRequest, NextResponse } from 'next/server'
import { publicEnv } from '@/lib/env'

const MEMBERS_ONLY = ['/dashboard', '/settings', '/builds/new', '/admin']

/** Renews the session's cookies and sends guests away from the members' pages. */
export async function updateSession(request: NextRequest): Promise<NextResponse> {
  let response = NextResponse.next({ request })

  const supabase = createServerClient(
    publicEnv('NEXT_PUBLIC_SUPABASE_URL'),
    publicEnv('NEXT_PUBLIC_SUPABASE_ANON_KEY'),
    {
      cookies: {
        getAll: () => request.cookies.getAll(),
        setAll(toSet) {
          for (const { name, value } of toSet) request.cookies.set(name, value)
          response = NextResponse.next({ request })
          for (const { name, value, options } of toSet) response.cookies.set(name, value, options)
        },
      },
    },
  )

  const { data } = await supabase.auth.getUser()

  const { pathname } = request.nextUrl
  const membersOnly = MEMBERS_ONLY.some(prefix => pathname === prefix || pathname.startsWith(`${prefix}/`))
  if (!data.user && membersOnly) {
    const login = new URL('/login', request.url)
    login.searchParams.set('next', pathname)
    return NextResponse.redirect(login)
  }

  return response
}
