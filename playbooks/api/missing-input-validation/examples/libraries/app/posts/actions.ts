'use server'

import { z } from 'zod'
import { authActionClient } from '@/lib/safe-action'

const post = z.object({ title: z.string().min(1).max(120), body: z.string().max(20_000) })

export const createPost = authActionClient.inputSchema(post).action(async ({ parsedInput, ctx }) => {
  const { error } = await ctx.supabase.from('posts').insert({ ...parsedInput, author_id: ctx.userId })
  if (error) throw new Error('Could not save the post')
  return { ok: true }
})

/** Arguments bound to the action do not pass the input schema: they come from the browser as well. */
export const movePost = authActionClient
  .inputSchema(z.object({ position: z.number().int().min(0).max(1000) }))
  .bindArgsSchemas([z.uuid()])
  .action(async ({ parsedInput, bindArgsParsedInputs: [postId], ctx }) => {
    const { error } = await ctx.supabase.from('posts').update(parsedInput).eq('id', postId).eq('author_id', ctx.userId)
    if (error) throw new Error('Could not move the post')
    return { ok: true }
  })
