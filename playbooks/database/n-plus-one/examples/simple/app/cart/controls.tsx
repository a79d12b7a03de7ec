'use client'

import { useState } from 'react'
import { saveCart } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => saveCart(value)}>
        Save cart
      </button>
    </section>
  )
}
