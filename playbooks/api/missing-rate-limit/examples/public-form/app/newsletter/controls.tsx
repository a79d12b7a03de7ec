'use client'

import { subscribe, subscribeSlowly } from './actions'

export function Controls() {
  return (
    <section>
      <form action={subscribe}>
        <input name="email" />
        <button type="submit">Subscribe</button>
      </form>
      <form action={subscribeSlowly}>
        <input name="email" />
        <button type="submit">Subscribe slowly</button>
      </form>
    </section>
  )
}
