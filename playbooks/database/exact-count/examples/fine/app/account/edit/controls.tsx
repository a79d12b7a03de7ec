'use client'

import { markAllRead } from '../actions'

export function Controls() {
  return (
    <section>
      <button type="button" onClick={() => markAllRead()}>
        Mark all read
      </button>
    </section>
  )
}
