'use server'

import { z } from 'zod'
import { createClient } from '@/lib/supabase/server'

const message = z.object({ room: z.number().int(), body: z.string().min(1).max(2000) })

export async function send(input: unknown): Promise<{ error?: string }> {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  if (!data.user) return { error: 'Please sign in.' }
  const parsed = message.safeParse(input)
  if (!parsed.success) return { error: 'Please check the message.' }
  const { room, body } = parsed.data
  const { error } = await supabase.from('messages').insert({ user_id: data.user.id, room_id: room, body })
  const { error: other } = await supabase.from('reactions').insert({ user_id: data.user.id, room_id: room })
  return error || other ? { error: 'The message could not be sent.' } : {}
}
