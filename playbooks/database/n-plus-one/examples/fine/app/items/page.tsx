import { ItemList } from '@/components/item-list'
import { requireUser } from '@/lib/auth'

export default async function ItemsPage() {
  const { supabase, user } = await requireUser()
  const { data: items, error } = await supabase.from('items').select('id, title').eq('user_id', user.id).order('id').limit(20)
  if (error) throw new Error('Could not load items')
  return <ItemList items={items} />
}
