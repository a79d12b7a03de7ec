'use client'

import { useState } from 'react'
import { createPost, movePost } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => createPost({ title: value, body: value })}>
        Create post
      </button>
      <button type="button" onClick={() => movePost.bind(null, value)({ position: 1 })}>
        Move post
      </button>
    </section>
  )
}
