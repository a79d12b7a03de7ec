'use client'

import { useState } from 'react'
import { addPart } from '@/app/parts/actions'

/** In the browser there is nothing left to leak. */
export function PartForm() {
  const [message, setMessage] = useState('')
  async function save(formData: FormData) {
    try {
      await addPart({ name: formData.get('name') })
    } catch (error) {
      setMessage(error instanceof Error ? error.message : 'Could not save')
    }
  }
  return (
    <form action={save}>
      <input name="name" />
      <output>{message}</output>
    </form>
  )
}
