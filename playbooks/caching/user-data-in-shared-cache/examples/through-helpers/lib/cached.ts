import { unstable_cache } from 'next/cache'
import { NextResponse } from 'next/server'

export function cached<T>(name: string, load: () => Promise<T>): Promise<T> {
  return unstable_cache(load, [name], { revalidate: 120, tags: [name] })()
}

export function publicJson(body: unknown): Response {
  const response = NextResponse.json(body)
  response.headers.set('Cache-Control', 's-maxage=300, stale-while-revalidate=60')
  return response
}
