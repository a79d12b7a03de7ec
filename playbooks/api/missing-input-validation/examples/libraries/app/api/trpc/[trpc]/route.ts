import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createContext } from '@/lib/trpc'
import { postsRouter } from '@/server/posts'

function handler(request: Request) {
  return fetchRequestHandler({ endpoint: '/api/trpc', req: request, router: postsRouter, createContext })
}

export { handler as GET, handler as POST }
