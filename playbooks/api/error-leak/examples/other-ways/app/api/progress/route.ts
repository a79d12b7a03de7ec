import { requireUser } from '@/lib/auth'

/** Server-sent events: the stream is the body. */
export async function GET() {
  const { supabase, user } = await requireUser()
  const encoder = new TextEncoder()
  const stream = new ReadableStream({
    async start(controller) {
      const send = (event: string, data: unknown) =>
        controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
      const { data, error } = await supabase.from('jobs').select('id, state').eq('owner_id', user.id).limit(20)
      if (error) {
        console.error('jobs', error.message)
        send('failed', { message: error.message }) // expect: api/error-leak
      } else {
        send('jobs', data)
      }
      controller.close()
    },
  })
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } })
}
