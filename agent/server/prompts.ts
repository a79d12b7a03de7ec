import { readFile } from 'node:fs/promises'
import type { McpServer } from '@modelcontextprotocol/server'

export const PHASES = ['assess', 'plan', 'build', 'document'] as const
export type Phase = (typeof PHASES)[number]

const TITLES: Record<Phase, string> = {
  assess: 'Find out what breaks first',
  plan: 'Plan the way to 10,000 users',
  build: 'Make one change, safely',
  document: 'Write the runbook and the load test',
}

/** One prompt for each phase; the text is that of prompts/<phase>.md. */
export async function addPrompts(server: McpServer): Promise<void> {
  for (const phase of PHASES) {
    const text = await promptText(phase)
    server.registerPrompt(phase, { title: TITLES[phase], description: firstSentence(text) }, () => ({
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
    }))
  }
}

/** What is told about a phase: the Markdown below the first heading. */
export async function promptText(phase: Phase): Promise<string> {
  // In the sources beside agent/, in the package beside dist/agent/.
  const text = await readFile(new URL(`../../prompts/${phase}.md`, import.meta.url), 'utf8')
  return text.replace(/^# .*\n+/, '').trim()
}

function firstSentence(text: string): string {
  return /^[^.]*\./.exec(text)?.[0].replaceAll('\n', ' ') ?? ''
}
