import { requireUser } from '@/lib/auth'
import { removeItem } from './actions'

export default async function DashboardPage() {
  const { supabase, user } = await requireUser()
  // A fixed number of different questions, side by side.
  const [profile, items, plan] = await Promise.all([
    supabase.from('profiles').select('name').eq('id', user.id).single(),
    supabase.from('items').select('id, title').eq('user_id', user.id).order('id').limit(20),
    supabase.from('plans').select('name').eq('user_id', user.id).limit(1),
  ])
  if (profile.error || items.error || plan.error) throw new Error('Could not load the dashboard')
  return (
    <main>
      <h1>{profile.data.name}</h1>
      {items.data.map(item => (
        <form key={item.id} action={removeItem.bind(null, item.id)}>
          <button type="submit">Remove {item.title}</button>
        </form>
      ))}
    </main>
  )
}
