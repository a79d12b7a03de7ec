'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { type ActionResult, fail, GENERIC_ERROR, ok, parseInput } from '@/lib/action-result'
import { getCurrentUser } from '@/lib/auth'
import { logError } from '@/lib/log'
import { allowRequest } from '@/lib/rate-limit'
import { buildIdSchema, buildSchema, likeSchema, updateBuildSchema } from '@/lib/schemas/build'
import { createClient } from '@/lib/supabase/server'

export async function createBuild(input: unknown): Promise<ActionResult<{ id: string }>> {
  const parsed = parseInput(buildSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Please log in.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const { name, description, engineId, visibility, partIds } = parsed.data
  const supabase = await createClient()
  const { data: build, error } = await supabase
    .from('builds')
    .insert({ user_id: user.id, engine_id: engineId, name, description, visibility })
    .select('id')
    .single()
  if (error) {
    logError('create-build', error)
    return fail(GENERIC_ERROR)
  }

  if (partIds.length > 0) {
    const { error: partsError } = await supabase
      .from('build_parts')
      .insert(partIds.map(partId => ({ build_id: build.id, part_id: partId })))
    if (partsError) {
      logError('create-build', partsError)
      return fail('Your build was saved, its parts were not.')
    }
  }

  revalidatePath('/dashboard')
  return ok({ id: build.id })
}

export async function updateBuild(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(updateBuildSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Please log in.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const { id, ...changes } = parsed.data
  const supabase = await createClient()
  const { error } = await supabase.from('builds').update(changes).eq('id', id).eq('user_id', user.id)
  if (error) {
    logError('update-build', error)
    return fail(GENERIC_ERROR)
  }

  revalidatePath(`/builds/${id}`)
  return ok()
}

export async function deleteBuild(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(buildIdSchema, input)
  if (!parsed.success) return parsed

  const supabase = await createClient()
  const {
    data: { session },
  } = await supabase.auth.getSession()
  if (!session) redirect('/login')
  if (!(await allowRequest('write', session.user.id))) return fail('That was a bit fast. Wait a minute.')

  const { error } = await supabase.from('builds').delete().eq('id', parsed.data.id).eq('user_id', session.user.id)
  if (error) {
    logError('delete-build', error)
    return fail(GENERIC_ERROR)
  }

  revalidatePath('/dashboard')
  return ok()
}

export async function setLiked(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(likeSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Log in to like a build.')
  if (!(await allowRequest('like', user.id))) return fail('That is a lot of likes. Wait a minute.')

  const { buildId, liked } = parsed.data
  const supabase = await createClient()
  const likes = supabase.from('build_likes')
  const { error } = liked
    ? await likes.upsert({ build_id: buildId, user_id: user.id }, { ignoreDuplicates: true })
    : await likes.delete().eq('build_id', buildId).eq('user_id', user.id)
  if (error) {
    logError('set-liked', error)
    return fail(GENERIC_ERROR)
  }

  revalidatePath(`/builds/${buildId}`)
  return ok()
}
