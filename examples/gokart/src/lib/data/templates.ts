import 'server-only'
import { createClient } from '@/lib/supabase/server'

export async function listTemplates() {
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('build_templates')
    .select('id, slug, name, summary, engine:engines(slug, name)')
    .eq('published', true)
    .order('name')
    .limit(50)
  if (error) throw new Error(`templates: ${error.message}`)
  return data
}

/** Proposals that nobody has looked at yet; row-level security shows them to admins. */
export async function listProposedTemplates() {
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('build_templates')
    .select('id, name, summary, created_at, engine:engines(name)')
    .eq('published', false)
    .order('created_at')
    .limit(50)
  if (error) throw new Error(`proposed templates: ${error.message}`)
  return data
}
