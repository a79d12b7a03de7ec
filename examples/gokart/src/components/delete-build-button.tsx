'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { deleteBuild } from '@/actions/builds'

export function DeleteBuildButton({ id }: { id: string }) {
  const router = useRouter()
  const [pending, start] = useTransition()

  function remove() {
    if (!window.confirm('Delete this build?')) return
    start(async () => {
      const result = await deleteBuild({ id })
      if (result.success) router.push('/dashboard')
    })
  }

  return (
    <button type="button" disabled={pending} onClick={remove}>
      Delete
    </button>
  )
}
