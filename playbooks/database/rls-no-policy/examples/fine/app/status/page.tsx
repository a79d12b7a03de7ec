import { createClient } from '@supabase/supabase-js'

export const revalidate = 60

export default async function StatusPage() {
  const admin = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!, {
    auth: { persistSession: false },
  })
  const { data } = await admin.from('sessions').select('expires_at').limit(1)
  return <p>{data?.length ? 'busy' : 'quiet'}</p>
}
