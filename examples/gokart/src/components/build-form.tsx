'use client'

import { useRouter } from 'next/navigation'
import { useActionState } from 'react'
import { createBuild } from '@/actions/builds'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'

interface Props {
  engines: { id: string; name: string; brand: string }[]
  parts: { id: string; name: string; brand: string }[]
}

export function BuildForm({ engines, parts }: Props) {
  const router = useRouter()
  const [result, submit, pending] = useActionState(async (_: ActionResult<{ id: string }> | null, form: FormData) => {
    const outcome = await createBuild({
      name: form.get('name'),
      description: form.get('description'),
      engineId: form.get('engineId'),
      visibility: form.get('private') ? 'private' : 'public',
      partIds: form.getAll('partIds'),
    })
    if (outcome.success) router.push(`/builds/${outcome.data.id}`)
    return outcome
  }, null)

  return (
    <form action={submit} className="stack">
      <label>
        Name
        <input name="name" minLength={3} maxLength={80} required />
      </label>
      <label>
        Description
        <textarea name="description" rows={4} maxLength={2000} />
      </label>
      <label>
        Engine
        <select name="engineId" required>
          {engines.map(engine => (
            <option key={engine.id} value={engine.id}>
              {engine.brand} {engine.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Parts
        <select name="partIds" multiple size={10}>
          {parts.map(part => (
            <option key={part.id} value={part.id}>
              {part.name} ({part.brand})
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>
          <input name="private" type="checkbox" /> Only I can see it
        </span>
      </label>
      <FormMessage result={result} />
      <button type="submit" disabled={pending}>
        Save
      </button>
    </form>
  )
}
