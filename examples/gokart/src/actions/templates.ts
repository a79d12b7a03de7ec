'use server'

import { revalidatePath } from 'next/cache'
import { type ActionResult, fail, GENERIC_ERROR, ok, parseInput } from '@/lib/action-result'
import { getCurrentUser } from '@/lib/auth'
import { slugify } from '@/lib/format'
import { logError } from '@/lib/log'
import { allowRequest, clientAddress } from '@/lib/rate-limit'
import { proposeTemplateSchema, templateIdSchema } from '@/lib/schemas/template'
import { createClient } from '@/lib/supabase/server'

export async function proposeTemplate(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(proposeTemplateSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Log in to propose a template.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const { name, summary, engineId } = parsed.data
  const supabase = await createClient()
  const { error } = await supabase.from('build_templates').insert({
    slug: `${slugify(name)}-${crypto.randomUUID().slice(0, 8)}`,
    name,
    summary,
    engine_id: engineId,
    author_id: user.id,
  })
  if (error) {
    logError('propose-template', error)
    return fail(GENERIC_ERROR)
  }
  return ok()
}

export async function publishTemplate(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(templateIdSchema, input)
  if (!parsed.success) return parsed
  if (!(await allowRequest('write', await clientAddress()))) return fail('That was a bit fast. Wait a minute.')

  const supabase = await createClient()
  const { error } = await supabase.rpc('publish_template', { template: parsed.data.id })
  if (error) {
    logError('publish-template', error)
    return fail(GENERIC_ERROR)
  }

  revalidatePath('/templates')
  revalidatePath('/admin/templates')
  return ok()
}
