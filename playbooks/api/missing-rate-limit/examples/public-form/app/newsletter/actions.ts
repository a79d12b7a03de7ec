'use server'

import { z } from 'zod'
import { isAllowed } from '@/lib/rate-limit'
import { createPublicClient } from '@/lib/supabase/public'

const subscription = z.object({ email: z.email().max(200) })

/** Meant for strangers (the policy lets anon insert), so there is no sign-in to ask for; but there is no limit either. */
export async function subscribe(formData: FormData) { // expect: api/missing-rate-limit
  const parsed = subscription.safeParse({ email: formData.get('email') })
  if (!parsed.success) return { error: 'That is no e-mail address' }
  const supabase = createPublicClient()
  const { error } = await supabase.from('newsletter_subscriptions').insert(parsed.data)
  return { error: error ? 'Could not subscribe' : null }
}

export async function subscribeSlowly(formData: FormData) {
  const parsed = subscription.safeParse({ email: formData.get('email') })
  if (!parsed.success) return { error: 'That is no e-mail address' }
  if (!(await isAllowed('newsletter'))) return { error: 'Please try again in a minute' }
  const supabase = createPublicClient()
  const { error } = await supabase.from('newsletter_subscriptions').insert(parsed.data)
  return { error: error ? 'Could not subscribe' : null }
}
