'use client'

import { useMutation } from '@tanstack/react-query'
import { setLiked } from '@/actions/builds'

interface Props {
  buildId: string
  liked: boolean
  count: number
}

export function LikeButton({ buildId, liked, count }: Props) {
  const { mutate, data, isPending } = useMutation({ mutationFn: () => setLiked({ buildId, liked: !liked }) })

  return (
    <p>
      <button type="button" disabled={isPending} aria-pressed={liked} onClick={() => mutate()}>
        {liked ? '♥' : '♡'} {count}
      </button>{' '}
      {data && !data.success && <span className="error">{data.error}</span>}
    </p>
  )
}
