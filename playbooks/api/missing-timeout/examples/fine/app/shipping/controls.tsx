'use client'

import { useState } from 'react'
import { ask, quote } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => quote(value)}>
        Quote
      </button>
      <button type="button" onClick={() => ask(value)}>
        Ask
      </button>
    </section>
  )
}
