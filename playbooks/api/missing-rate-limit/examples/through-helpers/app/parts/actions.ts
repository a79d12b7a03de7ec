'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { describePart } from '@/lib/ai'
import { sendInvitation } from '@/lib/mailer'
import { isAllowed } from '@/lib/rate-limit'

/** The limiter is asked, and its answer thrown away. */
export async function describe(input: unknown) { // expect: api/missing-rate-limit
  const name = z.string().min(1).max(120).parse(input)
  await requireUser()
  await isAllowed('describe')
  return describePart(name)
}

export async function requestInvitation(input: unknown) { // expect: api/missing-rate-limit
  const email = z.email().parse(input)
  const sent = await sendInvitation(email)
  return { ok: sent }
}

/** The twin of the first: the answer decides. */
export async function describeOnce(input: unknown) {
  const name = z.string().min(1).max(120).parse(input)
  await requireUser()
  if (!(await isAllowed('describe'))) return 'Please wait a minute'
  return describePart(name)
}
