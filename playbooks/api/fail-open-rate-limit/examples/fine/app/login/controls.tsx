'use client'

import { resetPassword, signIn, signUp } from './actions'

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
      <form action={resetPassword}>
        <input name="email" />
        <button type="submit">Reset password</button>
      </form>
    </section>
  )
}
