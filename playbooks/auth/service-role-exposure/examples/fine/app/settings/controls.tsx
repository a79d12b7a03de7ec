'use client'

import { useState } from 'react'
import { banMember, saveSettings } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => saveSettings(value)}>
        Save settings
      </button>
      <button type="button" onClick={() => banMember(value)}>
        Ban member
      </button>
    </section>
  )
}
