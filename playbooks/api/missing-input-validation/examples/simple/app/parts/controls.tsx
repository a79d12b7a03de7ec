'use client'

import { useState } from 'react'
import { createPart, renamePart } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => createPart({ name: value, price_cents: 100 })}>
        Create part
      </button>
      <form action={renamePart.bind(null, value)}>
        <input name="name" />
        <button type="submit">Rename part</button>
      </form>
    </section>
  )
}
