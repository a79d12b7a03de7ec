'use client'

import { useState } from 'react'
import { approve, approveOwn } from '../actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => approve(value)}>
        Approve
      </button>
      <button type="button" onClick={() => approveOwn(value)}>
        Approve own
      </button>
    </section>
  )
}
