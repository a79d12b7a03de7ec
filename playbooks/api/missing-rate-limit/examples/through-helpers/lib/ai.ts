import { openai } from '@ai-sdk/openai'
import { generateText } from 'ai'

export async function describePart(name: string): Promise<string> {
  const { text } = await generateText({
    model: openai('gpt-5-mini'),
    prompt: `Describe this kart part in one sentence: ${name}`,
    abortSignal: AbortSignal.timeout(20_000),
  })
  return text
}
