import { notFound } from 'next/navigation'
import { createAdminClient } from '@/lib/supabase/admin'

/** Nobody is asked at all: private projects are shown to whoever guesses a name. */
export default async function ProjectPage({ params }: { params: Promise<{ name: string }> }) {
  const { name } = await params
  const supabase = createAdminClient() // expect: auth/service-role-exposure
  const { data: project, error } = await supabase.from('projects').select('name, status').eq('name', name).maybeSingle()
  if (error) throw new Error('Could not load the project')
  if (!project) notFound()
  return <p>{project.status}</p>
}
