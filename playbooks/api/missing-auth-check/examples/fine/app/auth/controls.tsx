'use client'

import { signIn, signOut, signUp } from './actions'

export function Controls() {
  return (
    <section>
      <form action={signIn}>
        <input name="email" />
        <input name="password" />
        <button type="submit">Sign in</button>
      </form>
      <form action={signUp}>
        <input name="email" />
        <input name="password" />
        <button type="submit">Sign up</button>
      </form>
      <button type="button" onClick={() => signOut()}>
        Sign out
      </button>
    </section>
  )
}
