'use client'

import { useState } from 'react'
import { createBuild, importBuild } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => createBuild({ title: value })}>
        Create build
      </button>
      <form action={importBuild}>
        <input name="title" />
        <button type="submit">Import build</button>
      </form>
    </section>
  )
}
