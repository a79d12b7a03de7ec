'use server'

import { revalidatePath } from 'next/cache'
import { type ActionResult, fail, GENERIC_ERROR, ok, parseInput } from '@/lib/action-result'
import { getCurrentUser } from '@/lib/auth'
import { logError } from '@/lib/log'
import { allowRequest } from '@/lib/rate-limit'
import { fromTemplateSchema } from '@/lib/schemas/build'
import { createClient } from '@/lib/supabase/server'

/** Starts a private build with the engine and the parts of a template. */
export async function buildFromTemplate(input: unknown): Promise<ActionResult<{ id: string }>> {
  const parsed = parseInput(fromTemplateSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Please log in.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const supabase = await createClient()
  const { data: template } = await supabase
    .from('build_templates')
    .select('id, name, engine_id, template_parts(part_id, quantity)')
    .eq('id', parsed.data.templateId)
    .limit(40, { referencedTable: 'template_parts' })
    .maybeSingle()
  if (!template) return fail('This template is gone.')

  const { data: build, error } = await supabase
    .from('builds')
    .insert({
      user_id: user.id,
      engine_id: template.engine_id,
      template_id: template.id,
      name: template.name,
      visibility: 'private',
    })
    .select('id')
    .single()
  if (error) {
    logError('build-from-template', error)
    return fail(GENERIC_ERROR)
  }

  for (const part of template.template_parts) {
    const { error: partError } = await supabase
      .from('build_parts')
      .insert({ build_id: build.id, part_id: part.part_id, quantity: part.quantity })
    if (partError) logError('build-from-template', partError)
  }

  revalidatePath('/dashboard')
  return ok({ id: build.id })
}
