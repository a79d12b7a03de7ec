'use client'

import { signIn } from './actions'

export function Controls() {
  return (
    <section>
      <form action={signIn}>
        <input name="email" />
        <input name="password" />
        <button type="submit">Sign in</button>
      </form>
    </section>
  )
}
