'use client'

import { useRouter } from 'next/navigation'
import { useActionState } from 'react'
import { createTopic } from '@/actions/forums'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'

export function TopicForm({ categoryId, category }: { categoryId: number; category: string }) {
  const router = useRouter()
  const [result, submit, pending] = useActionState(async (_: ActionResult<{ id: number }> | null, form: FormData) => {
    const outcome = await createTopic({ categoryId, title: form.get('title'), body: form.get('body') })
    if (outcome.success) router.push(`/forums/${category}/${outcome.data.id}`)
    return outcome
  }, null)

  return (
    <form action={submit} className="stack">
      <label>
        Title
        <input name="title" minLength={5} maxLength={120} required />
      </label>
      <label>
        Text
        <textarea name="body" rows={5} maxLength={10_000} required />
      </label>
      <FormMessage result={result} />
      <button type="submit" disabled={pending}>
        Open
      </button>
    </form>
  )
}
