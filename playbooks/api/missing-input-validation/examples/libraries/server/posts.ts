import { z } from 'zod'
import { protectedProcedure, router } from '@/lib/trpc'

export const postsRouter = router({
  create: protectedProcedure
    .input(z.object({ title: z.string().min(1).max(120) }))
    .mutation(async ({ ctx, input }) => {
      const { error } = await ctx.supabase.from('posts').insert({ title: input.title, author_id: ctx.userId })
      if (error) throw new Error('Could not save the post')
      return { ok: true }
    }),
  newest: protectedProcedure.query(async ({ ctx }) => {
    const { data, error } = await ctx.supabase.from('posts').select('id, title').order('created_at').limit(20)
    if (error) throw new Error('Could not load posts')
    return data
  }),
})
