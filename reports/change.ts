/**
 * The words that a change carries into git and into review: commit message, pull request text, and the table that `agent build`
 * prints. The shapes are those of ChangeRecord (agent/changes/record.ts), as far as they are told here.
 */

export interface ToldChange {
  playbook: string
  key: string
  findings: readonly string[]
  title: string
  summary: string
  files: Readonly<Record<string, string | null>>
  migrations: readonly { up: string; down: string; transactional: boolean }[]
  rollback: string
  security: string
  verify: readonly string[]
  notVerified: readonly string[]
}

export interface ToldRecord {
  finding: string
  playbook: string
  outcome: string
  reason?: string | undefined
  change?: ToldChange | undefined
  verdict?: { decision: string; reasons: readonly { rule: string; object: string; evidence: string }[] } | undefined
  proof?:
    | { checks: readonly { name: string; status: string; summary: string; detail?: readonly string[] | undefined }[] }
    | undefined
  branch?: string | undefined
}

import { oneLine } from './text.ts'

/** Columns of a line of a commit message. */
const WRAP = 72

/** Subject, body and trailers, wrapped as git shows them. */
export function commitMessage(change: ToldChange, trailers: Readonly<Record<string, string>>): string {
  const body = plain(change.summary)
    .split('\n')
    .flatMap(line => wrap(line))
  const end = Object.entries(trailers).map(([name, value]) => `${name}: ${value}`)
  return `${[change.title, '', ...body, '', ...end].join('\n')}\n`
}

/** Markdown marks that only get in the way in a terminal. */
function plain(text: string): string {
  return text.replaceAll('`', '').replaceAll('**', '')
}

function wrap(line: string): string[] {
  const indent = line.startsWith('- ') ? '  ' : ''
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > WRAP) {
      lines.push(current)
      current = `${indent}${word}`
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, current]
}

/** The text of a pull request: what, what was tried, what it means, how back, what nobody proved. */
export function pullRequestText(record: ToldRecord): string {
  const { change, proof, verdict } = record
  if (!change) return ''
  const sections = [
    change.summary,
    section('Files', fileList(change)),
    section('What was tried', proofTable(proof) ?? 'Nothing yet: only the rules below were applied.'),
    section('Gate', gateLine(verdict)),
    section('Security', change.security),
    section('How to see that it works', list(change.verify)),
    section('Roll back', change.rollback),
    section('Not proven', list(change.notVerified)),
  ]
  return `${sections.filter(text => text !== undefined).join('\n\n')}\n`
}

function section(title: string, text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : `## ${title}\n\n${text}`
}

function list(items: readonly string[]): string {
  return items.map(item => `- ${item}`).join('\n')
}

function fileList({ files, migrations }: ToldChange): string {
  const roles = new Map(
    migrations.flatMap(({ up, down, transactional }) => [
      [up, transactional ? 'migration' : 'migration, outside of a transaction'] as const,
      [down, 'takes the migration back; run by hand'] as const,
    ]),
  )
  return list(
    Object.keys(files)
      .sort()
      .map(path => {
        const role = files[path] === null ? 'deleted' : roles.get(path)
        return `\`${path}\`${role ? ` (${role})` : ''}`
      }),
  )
}

function proofTable(proof: ToldRecord['proof']): string | undefined {
  if (!proof || proof.checks.length === 0) return undefined
  const rows = proof.checks.map(({ name, status, summary }) => `| ${name} | ${status} | ${cell(summary)} |`)
  const table = ['| Check | Outcome | Observed |', '| --- | --- | --- |', ...rows].join('\n')
  const details = proof.checks.flatMap(({ name, detail = [] }) => (detail.length > 0 ? [folded(name, detail)] : []))
  return [table, ...details].join('\n\n')
}

/** Lines of detail that are shown of one check. */
const DETAIL_LINES = 30

function folded(name: string, detail: readonly string[]): string {
  const more = detail.length > DETAIL_LINES ? [`… ${detail.length - DETAIL_LINES} more`] : []
  const lines = [...detail.slice(0, DETAIL_LINES), ...more].join('\n')
  const longest = Math.max(2, ...(lines.match(/`+/g) ?? []).map(run => run.length))
  const fence = '`'.repeat(longest + 1)
  return `<details><summary>${name}, in detail</summary>\n\n${fence}text\n${lines}\n${fence}\n\n</details>`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function gateLine(verdict: ToldRecord['verdict']): string | undefined {
  if (!verdict) return undefined
  if (verdict.decision === 'accept') return 'Accepted: no rule about security, data or protected files was broken.'
  return list(verdict.reasons.map(({ rule, object, evidence }) => `${rule}: ${object}: ${evidence}`))
}

/** One block for each change, in the order given. */
export function outcomeTable(records: readonly ToldRecord[]): string {
  const width = Math.max(0, ...records.map(({ outcome }) => outcome.length))
  return records
    .map(record => {
      const head = `${record.outcome.padEnd(width)}  ${oneLine(record.change?.title ?? record.finding)}`
      const indent = ' '.repeat(width + 2)
      return [
        head,
        ...(record.branch ? [`${indent}${record.branch}`] : []),
        ...(record.reason ? [`${indent}${oneLine(record.reason)}`] : []),
      ].join('\n')
    })
    .join('\n')
}
