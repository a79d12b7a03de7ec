'use server'

import { auth } from '@clerk/nextjs/server'
import { z } from 'zod'
import { insertComment } from '@/lib/comments'
import { currentUser } from '@/lib/current-user'
import { isAllowed } from '@/lib/rate-limit'
import { createClient } from '@/lib/supabase/server'
import { withLog } from '@/lib/with-log'

const comment = z.object({ post_id: z.uuid(), body: z.string().min(1).max(2000) })

/** The user is looked up, and nobody looks at the result. */
export async function addComment(input: unknown) { // expect: api/missing-auth-check
  const values = comment.parse(input)
  if (!(await isAllowed('comment'))) throw new Error('Too many requests')
  const user = await currentUser()
  const supabase = await createClient()
  await insertComment(supabase, values, user?.id)
}

export async function addAnswer(input: unknown) { // expect: api/missing-auth-check
  const values = comment.parse(input)
  if (!(await isAllowed('comment'))) throw new Error('Too many requests')
  const { userId } = await auth()
  const supabase = await createClient()
  const { error } = await supabase.from('answers').insert({ ...values, author_id: userId })
  if (error) throw new Error('Could not save the answer')
}

/** Asked too late: the row is gone before the question. */
export async function removeComment(id: unknown) { // expect: api/missing-auth-check
  const commentId = z.uuid().parse(id)
  if (!(await isAllowed('comment'))) throw new Error('Too many requests')
  const supabase = await createClient()
  const { error } = await supabase.from('comments').delete().eq('id', commentId)
  const user = await currentUser()
  if (!user) throw new Error('Sign in first')
  if (error) throw new Error('Could not remove the comment')
}

/** Checked on one way, and not on the other. */
export async function hideComment(id: unknown, forever: unknown) { // expect: api/missing-auth-check
  const commentId = z.uuid().parse(id)
  if (!(await isAllowed('comment'))) throw new Error('Too many requests')
  const supabase = await createClient()
  if (z.boolean().parse(forever)) {
    const user = await currentUser()
    if (!user) throw new Error('Sign in first')
  }
  const { error } = await supabase.from('comments').update({ hidden: true }).eq('id', commentId)
  if (error) throw new Error('Could not hide the comment')
}

export const pinComment = withLog('pin', async (id: unknown) => { // expect: api/missing-auth-check
  const commentId = z.uuid().parse(id)
  if (!(await isAllowed('comment'))) throw new Error('Too many requests')
  const supabase = await createClient()
  const { error } = await supabase.from('comments').update({ pinned: true }).eq('id', commentId)
  if (error) throw new Error('Could not pin the comment')
})
