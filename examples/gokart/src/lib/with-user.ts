import 'server-only'
import { NextResponse } from 'next/server'
import { type CurrentUser, getCurrentUser } from '@/lib/auth'
import { logError } from '@/lib/log'
import { allowRequest } from '@/lib/rate-limit'

type Context<P> = { params: Promise<P> }
type MemberHandler<P> = (request: Request, user: CurrentUser, params: P) => Promise<Response>

/** A route handler for members: 401 for guests, 429 for the hasty, 500 without details for everything unforeseen. */
export function withUser<P = Record<never, never>>(handler: MemberHandler<P>) {
  return async (request: Request, context: Context<P>): Promise<Response> => {
    const user = await getCurrentUser()
    if (!user) return NextResponse.json({ error: 'Please log in.' }, { status: 401 })
    if (!(await allowRequest('read', user.id))) {
      return NextResponse.json({ error: 'Too many requests.' }, { status: 429 })
    }
    try {
      return await handler(request, user, await context.params)
    } catch (error) {
      logError(new URL(request.url).pathname, error)
      return NextResponse.json({ error: 'Something went wrong.' }, { status: 500 })
    }
  }
}
