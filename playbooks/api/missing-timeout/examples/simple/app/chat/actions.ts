'use server'

import OpenAI from 'openai'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { isAllowed } from '@/lib/rate-limit'

const openai = new OpenAI()

export async function ask(input: unknown) {
  const question = z.string().min(1).max(4000).parse(input)
  await requireUser()
  if (!(await isAllowed('ask'))) return 'Please wait a minute'
  const answer = await openai.responses.create({ model: 'gpt-5-mini', input: question }) // expect: api/missing-timeout
  return answer.output_text
}
