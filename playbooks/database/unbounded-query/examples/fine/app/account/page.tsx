import { requireUser } from '@/lib/auth'

export default async function AccountPage() {
  const { supabase, user } = await requireUser()
  const { data: profile, error } = await supabase.from('profiles').select('name, avatar_path').eq('user_id', user.id).single()
  if (error) throw new Error('Could not load the profile')
  const { data: avatar } = supabase.storage.from('avatars').getPublicUrl(profile.avatar_path)
  return (
    <p>
      {profile.name} <img src={avatar.publicUrl} alt="" />
    </p>
  )
}
