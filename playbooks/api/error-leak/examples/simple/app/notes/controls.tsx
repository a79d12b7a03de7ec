'use client'

import { useState } from 'react'
import { addNote, clearNotes } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => addNote(value)}>
        Add note
      </button>
      <button type="button" onClick={() => clearNotes()}>
        Clear notes
      </button>
    </section>
  )
}
