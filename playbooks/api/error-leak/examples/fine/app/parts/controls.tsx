'use client'

import { useState } from 'react'
import { addPart, checkPart, publishPart, renamePart } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => addPart(value)}>
        Add part
      </button>
      <button type="button" onClick={() => checkPart(value)}>
        Check part
      </button>
      <button type="button" onClick={() => renamePart(value)}>
        Rename part
      </button>
      <button type="button" onClick={() => publishPart(value)}>
        Publish part
      </button>
    </section>
  )
}
