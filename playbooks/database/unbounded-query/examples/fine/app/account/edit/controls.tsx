'use client'

import { useState } from 'react'
import { createDraft } from '../actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => createDraft(value)}>
        Create draft
      </button>
    </section>
  )
}
