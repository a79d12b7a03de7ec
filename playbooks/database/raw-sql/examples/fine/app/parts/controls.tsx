'use client'

import { useState } from 'react'
import { findPart, listParts } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => findPart(value)}>
        Find part
      </button>
      <button type="button" onClick={() => listParts(value)}>
        List parts
      </button>
    </section>
  )
}
