'use client'

import { useActionState } from 'react'
import { createReply } from '@/actions/forums'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'

export function ReplyForm({ topicId }: { topicId: number }) {
  const [result, submit, pending] = useActionState(
    (_: ActionResult | null, form: FormData) => createReply({ topicId, body: form.get('body') }),
    null,
  )

  return (
    <form action={submit} className="stack">
      <label>
        Your reply
        <textarea name="body" rows={4} maxLength={10_000} required />
      </label>
      <FormMessage result={result} />
      <button type="submit" disabled={pending}>
        Reply
      </button>
    </form>
  )
}
