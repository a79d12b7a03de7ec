'use client'

import { useState } from 'react'
import { addIdea, addNote, addTask, publicNotes } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => addNote(value)}>
        Add note
      </button>
      <button type="button" onClick={() => addTask(value)}>
        Add task
      </button>
      <button type="button" onClick={() => addIdea(value)}>
        Add idea
      </button>
      <button type="button" onClick={() => publicNotes()}>
        Public notes
      </button>
    </section>
  )
}
