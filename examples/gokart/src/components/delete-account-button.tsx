'use client'

import { useState, useTransition } from 'react'
import { deleteAccount } from '@/actions/profile'

export function DeleteAccountButton() {
  const [error, setError] = useState<string | null>(null)
  const [pending, start] = useTransition()

  function remove() {
    if (!window.confirm('Delete your account, your builds and your garage?')) return
    start(async () => {
      const result = await deleteAccount()
      if (result.success) window.location.assign('/')
      else setError(result.error)
    })
  }

  return (
    <p>
      <button type="button" disabled={pending} onClick={remove}>
        Delete my account
      </button>{' '}
      {error && <span className="error">{error}</span>}
    </p>
  )
}
