'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { savePart } from '@/actions/garage'

export function SavePartButton({ partId }: { partId: string }) {
  const queryClient = useQueryClient()
  const { mutate, data, isPending } = useMutation({
    mutationFn: () => savePart({ partId }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['garage'] }),
  })

  return (
    <p>
      <button type="button" disabled={isPending || data?.success} onClick={() => mutate()}>
        {data?.success ? 'Saved' : 'Save to my garage'}
      </button>{' '}
      {data && !data.success && <span className="error">{data.error}</span>}
    </p>
  )
}
