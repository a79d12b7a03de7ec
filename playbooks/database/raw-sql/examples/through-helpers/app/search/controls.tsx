'use client'

import { useState } from 'react'
import { report, search, sorted } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => search(value)}>
        Search
      </button>
      <button type="button" onClick={() => sorted(value)}>
        Sorted
      </button>
      <button type="button" onClick={() => report(value)}>
        Report
      </button>
    </section>
  )
}
