'use client'

import { useMutation } from '@tanstack/react-query'
import { archivePart } from '@/actions/admin'

export function ArchivePartButton({ partId }: { partId: string }) {
  const { mutate, data, isPending } = useMutation({ mutationFn: () => archivePart({ partId }) })
  return (
    <button type="button" disabled={isPending || data?.success} onClick={() => mutate()}>
      {data?.success ? 'Archived' : 'Archive'}
    </button>
  )
}
