import { getIronSession } from 'iron-session'
import { cookies } from 'next/headers'

interface Kiosk {
  id?: string
}

/** A session of another kind: the cookie is sealed, and opening it is the check. */
export async function getSession() {
  return getIronSession<Kiosk>(await cookies(), { password: process.env.KIOSK_SECRET!, cookieName: 'kiosk' })
}
