'use client'

import { useState } from 'react'
import { partBySlug, partsOfBrand } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => partsOfBrand(value)}>
        Parts of brand
      </button>
      <button type="button" onClick={() => partBySlug(value)}>
        Part by slug
      </button>
    </section>
  )
}
