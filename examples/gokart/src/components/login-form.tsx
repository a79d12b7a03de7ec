'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { useActionState } from 'react'
import { signIn } from '@/actions/auth'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'

/** A path of this site, whatever the link says. */
function localPath(next: string | null): string {
  return next?.startsWith('/') && !/^\/[/\\]/.test(next) ? next : '/dashboard'
}

export function LoginForm() {
  const router = useRouter()
  const query = useSearchParams()
  const [result, submit, pending] = useActionState(async (_: ActionResult | null, form: FormData) => {
    const outcome = await signIn(Object.fromEntries(form))
    if (outcome.success) router.replace(localPath(query.get('next')))
    return outcome
  }, null)

  return (
    <form action={submit} className="stack">
      {query.has('failed') && !result && <p className="error">This link is no longer valid.</p>}
      <label>
        E-mail
        <input name="email" type="email" autoComplete="email" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <FormMessage result={result} />
      <button type="submit" disabled={pending}>
        Log in
      </button>
    </form>
  )
}
