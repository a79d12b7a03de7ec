import { cacheLife, unstable_cache } from 'next/cache'
import { failure, type Result, success } from '@/lib/result'
import { createPublicClient } from '@/lib/supabase/public'

interface Part {
  id: string
  name: string
}

export async function getParts(): Promise<Result<Part[]>> {
  return unstable_cache(
    async () => {
      const supabase = createPublicClient()
      const { data, error } = await supabase.from('parts').select('id, name').order('name').limit(50)
      if (error) return failure('Could not load parts') // expect: caching/cached-failure
      return success(data)
    },
    ['parts'],
    { revalidate: 600, tags: ['parts'] },
  )()
}

export async function getRates() {
  'use cache'
  cacheLife('hours')
  try {
    const response = await fetch('https://rates.example.com/latest', { signal: AbortSignal.timeout(3000) })
    if (!response.ok) throw new Error('No rates')
    return await response.json()
  } catch (error) {
    console.error('rates', error)
    return null // expect: caching/cached-failure
  }
}
