'use server'

import { revalidatePath, revalidateTag } from 'next/cache'
import { type ActionResult, fail, GENERIC_ERROR, ok, parseInput } from '@/lib/action-result'
import { getCurrentUser } from '@/lib/auth'
import { logError } from '@/lib/log'
import { allowRequest } from '@/lib/rate-limit'
import { replySchema, topicSchema } from '@/lib/schemas/forum'
import { createClient } from '@/lib/supabase/server'

export async function createTopic(input: unknown): Promise<ActionResult<{ id: number }>> {
  const parsed = parseInput(topicSchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Log in to open a topic.')

  const supabase = await createClient()
  const { data: id, error } = await supabase.rpc('open_topic', {
    category: parsed.data.categoryId,
    topic_title: parsed.data.title,
    first_post: parsed.data.body,
  })
  if (error) {
    logError('create-topic', error)
    return fail(GENERIC_ERROR)
  }

  revalidateTag('forums', 'max')
  return ok({ id })
}

export async function createReply(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(replySchema, input)
  if (!parsed.success) return parsed
  const user = await getCurrentUser()
  if (!user) return fail('Log in to reply.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const supabase = await createClient()
  const { error } = await supabase
    .from('forum_posts')
    .insert({ topic_id: parsed.data.topicId, author_id: user.id, body: parsed.data.body })
  if (error) {
    logError('create-reply', error)
    return fail('Your reply could not be posted. The topic may be locked.')
  }

  revalidatePath('/forums/[category]/[topic]', 'page')
  return ok()
}
