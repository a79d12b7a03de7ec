import picocolors from 'picocolors'
import type { PlaybookDoc } from '../playbooks/playbook.ts'
import { loadPlaybookDocs } from '../playbooks/registry.ts'
import { wantsColor } from './color.ts'
import { markdownForTerminal } from './markdown.ts'
import { findPlaybook } from './phases/select.ts'

type Colors = ReturnType<typeof picocolors.createColors>

/**
 * The page of one playbook, or the list of all, as text for a terminal.
 *
 * @throws UserError with the nearest names when there is no such playbook
 */
export async function explain(
  name: string | undefined,
  stream: { isTTY?: boolean; columns?: number },
): Promise<string> {
  const colors = picocolors.createColors(wantsColor(stream, process.env))
  const docs = await loadPlaybookDocs()
  return name === undefined
    ? listing(docs, colors)
    : page(findPlaybook(docs, name, 'explain'), colors, stream.columns || 80)
}

function listing(docs: readonly PlaybookDoc[], colors: Colors): string {
  const width = Math.max(0, ...docs.map(({ ref }) => ref.length))
  const lines: string[] = []
  let area = ''
  for (const doc of docs) {
    if (doc.area !== area) lines.push('', colors.bold(doc.area))
    area = doc.area
    lines.push(`  ${colors.cyan(doc.ref.padEnd(width))}  ${doc.severity.padEnd(8)}  ${doc.title}`)
  }
  return `${lines.join('\n').trimStart()}\n\nRead one with: agent explain <playbook>\n`
}

function page(doc: PlaybookDoc, colors: Colors, columns: number): string {
  const facts = [
    `severity ${doc.severity}`,
    `fix ${doc.fix}`,
    ...(doc.appliesTo?.next ? [`Next.js ${doc.appliesTo.next}`] : []),
    ...(doc.security ? ['security'] : []),
  ]
  const width = Math.min(100, Math.max(40, columns))
  const sources = doc.sources.map(source => `  ${source}`)
  return [
    `${colors.bold(doc.title)}  ${colors.cyan(doc.ref)}`,
    colors.dim(facts.join(' · ')),
    '',
    markdownForTerminal(doc.body, { colors, width }),
    '',
    colors.bold('Sources'),
    ...sources,
    '',
  ].join('\n')
}
