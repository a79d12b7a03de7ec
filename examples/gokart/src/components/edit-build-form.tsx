'use client'

import { useActionState } from 'react'
import { updateBuild } from '@/actions/builds'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'
import type { BuildVisibility } from '@/types/database'

interface Props {
  build: { id: string; name: string; description: string; visibility: BuildVisibility }
}

export function EditBuildForm({ build }: Props) {
  const [result, submit, pending] = useActionState(
    (_: ActionResult | null, form: FormData) => updateBuild({ id: build.id, ...Object.fromEntries(form) }),
    null,
  )

  return (
    <form action={submit} className="stack">
      <label>
        Name
        <input name="name" defaultValue={build.name} minLength={3} maxLength={80} required />
      </label>
      <label>
        Description
        <textarea name="description" defaultValue={build.description} rows={4} maxLength={2000} />
      </label>
      <label>
        Who can see it
        <select name="visibility" defaultValue={build.visibility}>
          <option value="public">Everybody</option>
          <option value="private">Only I</option>
        </select>
      </label>
      <FormMessage result={result} done="Saved." />
      <button type="submit" disabled={pending}>
        Save
      </button>
    </form>
  )
}
