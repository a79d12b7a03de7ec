'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { buildFromTemplate } from '@/actions/build-from-template'

export function StartBuildButton({ templateId }: { templateId: string }) {
  const router = useRouter()
  const { mutate, data, isPending } = useMutation({
    mutationFn: () => buildFromTemplate({ templateId }),
    onSuccess: result => {
      if (result.success) router.push(`/builds/${result.data.id}`)
    },
  })

  return (
    <p>
      <button type="button" disabled={isPending} onClick={() => mutate()}>
        Start from this
      </button>{' '}
      {data && !data.success && <span className="error">{data.error}</span>}
    </p>
  )
}
