'use client'

import { useState } from 'react'
import { deletePost, ordersOf } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => deletePost(value)}>
        Delete post
      </button>
      <button type="button" onClick={() => ordersOf(value)}>
        Orders of
      </button>
    </section>
  )
}
