import { z } from 'zod'

export const revalidate = 120 // expect: caching/inert-revalidate

const query = z.object({ topic: z.enum(['news', 'help']).catch('news') })

async function topicOf(searchParams: Promise<Record<string, string>>) {
  return query.parse(await searchParams).topic
}

export default async function FindPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const topic = await topicOf(searchParams)
  return <h1>{topic}</h1>
}
