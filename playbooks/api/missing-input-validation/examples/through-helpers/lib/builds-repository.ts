import type { SupabaseClient } from '@supabase/supabase-js'
import type { BuildInput } from './schemas'

export async function saveBuild(client: SupabaseClient, ownerId: string, build: BuildInput) {
  const { data, error } = await client.from('builds').insert({ ...build, owner_id: ownerId }).select('id').single()
  if (error) throw new Error('Could not save the build')
  return data
}
