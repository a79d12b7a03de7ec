'use client'

import { contact, resetPassword, signIn } from './actions'

export function Controls() {
  return (
    <section>
      <form action={signIn}>
        <input name="email" />
        <input name="password" />
        <button type="submit">Sign in</button>
      </form>
      <form action={resetPassword}>
        <input name="email" />
        <button type="submit">Reset password</button>
      </form>
      <form action={contact}>
        <input name="text" />
        <button type="submit">Contact</button>
      </form>
    </section>
  )
}
