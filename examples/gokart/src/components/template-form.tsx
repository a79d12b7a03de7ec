'use client'

import { useActionState } from 'react'
import { proposeTemplate } from '@/actions/templates'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'

interface Props {
  engines: { id: string; name: string; brand: string }[]
}

export function TemplateForm({ engines }: Props) {
  const [result, submit, pending] = useActionState(
    (_: ActionResult | null, form: FormData) => proposeTemplate(Object.fromEntries(form)),
    null,
  )

  return (
    <form action={submit} className="stack">
      <label>
        Name
        <input name="name" minLength={3} maxLength={80} required />
      </label>
      <label>
        What it is for
        <input name="summary" maxLength={300} />
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
      <FormMessage result={result} done="Thank you. An admin will look at it." />
      <button type="submit" disabled={pending}>
        Propose
      </button>
    </form>
  )
}
