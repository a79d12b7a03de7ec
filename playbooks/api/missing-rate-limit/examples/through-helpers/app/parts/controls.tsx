'use client'

import { useState } from 'react'
import { describe, describeOnce, requestInvitation } from './actions'

export function Controls() {
  const [value, setValue] = useState('')
  return (
    <section>
      <input value={value} onChange={event => setValue(event.target.value)} />
      <button type="button" onClick={() => describe(value)}>
        Describe
      </button>
      <button type="button" onClick={() => requestInvitation(value)}>
        Request invitation
      </button>
      <button type="button" onClick={() => describeOnce(value)}>
        Describe once
      </button>
    </section>
  )
}
