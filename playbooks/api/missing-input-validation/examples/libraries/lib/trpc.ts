import { initTRPC, TRPCError } from '@trpc/server'
import { createClient } from '@/lib/supabase/server'

export async function createContext() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  return { supabase, user: data.user }
}

const t = initTRPC.context<Awaited<ReturnType<typeof createContext>>>().create()

export const router = t.router

export const protectedProcedure = t.procedure.use(({ ctx, next }) => {
  if (!ctx.user) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { supabase: ctx.supabase, userId: ctx.user.id } })
})
