'use client'

import { useActionState } from 'react'
import { signUp } from '@/actions/auth'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'

export function SignUpForm() {
  const [result, submit, pending] = useActionState(
    (_: ActionResult | null, form: FormData) => signUp(Object.fromEntries(form)),
    null,
  )

  return (
    <form action={submit} className="stack">
      <label>
        What others call you
        <input name="displayName" maxLength={60} required />
      </label>
      <label>
        E-mail
        <input name="email" type="email" autoComplete="email" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="new-password" minLength={10} required />
      </label>
      <FormMessage result={result} done="We have sent you a link. Open it to finish." />
      <button type="submit" disabled={pending}>
        Create account
      </button>
    </form>
  )
}
