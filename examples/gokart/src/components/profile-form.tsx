'use client'

import { useActionState } from 'react'
import { updateProfile } from '@/actions/profile'
import { FormMessage } from '@/components/form-message'
import type { ActionResult } from '@/lib/action-result'

interface Props {
  profile: { username: string; display_name: string; bio: string | null; country: string | null }
}

export function ProfileForm({ profile }: Props) {
  const [result, submit, pending] = useActionState(
    (_: ActionResult | null, form: FormData) =>
      updateProfile({
        username: String(form.get('username')),
        display_name: String(form.get('display_name')),
        bio: String(form.get('bio')) || null,
        country: String(form.get('country')) || null,
      }),
    null,
  )

  return (
    <form action={submit} className="stack">
      <label>
        User name
        <input name="username" defaultValue={profile.username} pattern="[a-z0-9_]{3,30}" required />
      </label>
      <label>
        Shown as
        <input name="display_name" defaultValue={profile.display_name} maxLength={60} required />
      </label>
      <label>
        About you
        <textarea name="bio" defaultValue={profile.bio ?? ''} maxLength={500} rows={4} />
      </label>
      <label>
        Country (two letters)
        <input name="country" defaultValue={profile.country ?? ''} pattern="[A-Z]{2}" />
      </label>
      <FormMessage result={result} done="Saved." />
      <button type="submit" disabled={pending}>
        Save
      </button>
    </form>
  )
}
