/** What the body of a pull request is made of; a Change with its proof has all of it. */
export interface PullRequestText {
  playbook: string
  summary: string
  rollback: string
  security: string
  verify: readonly string[]
  notVerified: readonly string[]
  files: Readonly<Record<string, string | null>>
  migrations: readonly { up: string; down: string; transactional: boolean }[]
  proof?: { checks: readonly { name: string; status: string; summary: string; detail?: readonly string[] }[] }
  /** Version of the program, for the last line. */
  version: string
}

/** GitHub's limit is 65,536 characters; the rest is for the marker and for encodings that count differently. */
const LONGEST_BODY = 60_000

/** Lines of detail that are shown of one check. */
const DETAIL_LINES = 30

/**
 * The visible body of a pull request, in Markdown: why, what, proof, security, way back, what nobody has checked.
 * Same input, same bytes.
 */
export function pullRequestBody(text: PullRequestText): string {
  const sections = [
    text.summary,
    section('What changes', changes(text)),
    section('Proof', proofTable(text)),
    section('Security', text.security),
    section('Rollback', text.rollback),
    section('How to check it', list(text.verify)),
    section('Not verified', list(text.notVerified)),
    footer(text),
  ]
  const body = sections
    .filter(part => part !== '')
    .map(part => part.trim())
    .join('\n\n')
  const whole = withoutMentions(body)
  return whole.length <= LONGEST_BODY
    ? whole
    : `${whole.slice(0, LONGEST_BODY)}\n\n… (cut: the text is too long for GitHub)`
}

function section(title: string, content: string): string {
  return content.trim() === '' ? '' : `### ${title}\n\n${content.trim()}`
}

function list(items: readonly string[]): string {
  return items.map(item => `- ${item.replaceAll('\n', ' ')}`).join('\n')
}

function changes({ files, migrations }: PullRequestText): string {
  const downs = new Set(migrations.map(({ down }) => down))
  const ups = new Map(migrations.map(({ up, transactional }) => [up, transactional]))
  return list(
    Object.entries(files).map(([path, content]) => {
      if (downs.has(path)) return `${code(path)}: the way back, not applied by itself`
      const transactional = ups.get(path)
      if (transactional !== undefined)
        return `${code(path)}: migration${transactional ? '' : ', runs outside of a transaction (the table stays writable)'}`
      return content === null ? `${code(path)}: deleted` : code(path)
    }),
  )
}

const MARKS: Record<string, string> = { passed: 'held', failed: '**failed**', skipped: 'not run' }

function proofTable({ proof }: PullRequestText): string {
  if (!proof || proof.checks.length === 0) return ''
  const rows = proof.checks.map(
    ({ name, status, summary }) => `| ${name} | ${MARKS[status] ?? status} | ${cell(summary)} |`,
  )
  const details = proof.checks
    .filter(({ detail }) => detail && detail.length > 0)
    .map(({ name, detail = [] }) => {
      const more = detail.length > DETAIL_LINES ? [`… ${detail.length - DETAIL_LINES} more lines`] : []
      const lines = [...detail.slice(0, DETAIL_LINES), ...more].join('\n')
      const fence = '`'.repeat(Math.max(3, longestRun(lines) + 1))
      return `<details><summary>${name}</summary>\n\n${fence}text\n${lines}\n${fence}\n\n</details>`
    })
  return [['| Check | | Observed |', '| --- | --- | --- |', ...rows].join('\n'), ...details].join('\n\n')
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length))
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|')
}

function code(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1)
  return `${fence}${text}${fence}`
}

function footer({ playbook, version }: PullRequestText): string {
  return [
    '---',
    `Playbook \`${playbook}\`, written by scalability-agent ${version} without a model unless the text says otherwise.`,
    'Close this pull request to decline the change: it will not be opened again. Commits that you add to its branch are never overwritten.',
  ].join('\n')
}

/** Text of the audited repository must not call people or link issues: outside of code an @ and a # before a word lose their power. */
function withoutMentions(markdown: string): string {
  return markdown
    .split(/(`{3,}[\s\S]*?(?:`{3,}|$)|`[^`\n]*`)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/@(?=\w)/g, '&#64;').replace(/(^|[\s(])#(?=\d)/g, '$1&#35;'),
    )
    .join('')
    .replaceAll('<!--', '&lt;!--')
}
