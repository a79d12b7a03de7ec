'use server'

import { requireUser } from '@/lib/auth'
import { saveBuild } from '@/lib/builds-repository'
import { type BuildInput, buildInput } from '@/lib/schemas'

/** The parse result is computed, and ignored. */
export async function createBuild(input: BuildInput) { // expect: api/missing-input-validation
  const { supabase, user } = await requireUser()
  const parsed = buildInput.safeParse(input)
  if (!parsed.success) {
    console.warn('invalid build', parsed.error.issues.length)
  }
  return saveBuild(supabase, user.id, input)
}

export async function importBuild(formData: FormData) { // expect: api/missing-input-validation
  const { supabase, user } = await requireUser()
  const build = Object.fromEntries(formData) as unknown as BuildInput
  return saveBuild(supabase, user.id, build)
}
