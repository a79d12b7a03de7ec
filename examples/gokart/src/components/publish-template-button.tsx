'use client'

import { useState, useTransition } from 'react'
import { publishTemplate } from '@/actions/templates'

export function PublishTemplateButton({ id }: { id: string }) {
  const [error, setError] = useState<string | null>(null)
  const [pending, start] = useTransition()

  function publish() {
    start(async () => {
      const result = await publishTemplate({ id })
      setError(result.success ? null : result.error)
    })
  }

  return (
    <p>
      <button type="button" disabled={pending} onClick={publish}>
        Publish
      </button>{' '}
      {error && <span className="error">{error}</span>}
    </p>
  )
}
