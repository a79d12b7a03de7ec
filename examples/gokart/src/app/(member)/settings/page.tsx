import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { DeleteAccountButton } from '@/components/delete-account-button'
import { ProfileForm } from '@/components/profile-form'
import { getProfile } from '@/lib/data/profiles'
import { createClient } from '@/lib/supabase/server'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getSession()
  if (!data.session) redirect('/login?next=/settings')
  const profile = await getProfile(data.session.user.id)
  if (!profile) redirect('/login?next=/settings')

  return (
    <>
      <h1>Settings</h1>
      <p className="soft">Signed in as {data.session.user.email}</p>
      <ProfileForm profile={profile} />
      <h2>Your data</h2>
      <p>
        <a href="/api/account/export">Download what we keep about you</a>
      </p>
      <DeleteAccountButton />
    </>
  )
}
