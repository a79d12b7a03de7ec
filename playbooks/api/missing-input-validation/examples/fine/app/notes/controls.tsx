'use client'

import { useState } from 'react'
import { addTag, archiveAll, createNote, deleteNote, saveSettings } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => createNote({ title: value, body: value })}>
        Create note
      </button>
      <button type="button" onClick={() => deleteNote(value)}>
        Delete note
      </button>
      <form action={saveSettings}>
        <input name="theme" />
        <button type="submit">Save settings</button>
      </form>
      <button type="button" onClick={() => addTag(value, value)}>
        Add tag
      </button>
      <button type="button" onClick={() => archiveAll()}>
        Archive all
      </button>
    </section>
  )
}
