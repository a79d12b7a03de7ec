import { pullRequestText, type ToldRecord } from './change.ts'

/** GitHub's limit is 65,536 characters; the rest is for the marker and for encodings that count differently. */
const LONGEST_BODY = 60_000

/**
 * The visible body of a pull request: the text that was written when the change was built, safe to be shown to everybody, and what
 * a reviewer can do with it. Same input, same bytes.
 */
export function pullRequestBody(record: ToldRecord, version: string): string {
  const text = withoutMentions(pullRequestText(record).trim())
  const shown =
    text.length <= LONGEST_BODY ? text : `${text.slice(0, LONGEST_BODY)}\n\n… (cut: the text is too long for GitHub)`
  return [
    shown,
    '---',
    `Playbook \`${record.playbook}\`, scalability-agent ${version}. Close this pull request to decline the change: it stays closed. Commits that you add to its branch are never overwritten.`,
  ].join('\n\n')
}

/** Text of the audited repository must not call people or link issues: outside of code an @ and a # before a word lose their power. */
function withoutMentions(markdown: string): string {
  return markdown
    .split(/(`{3,}[\s\S]*?(?:`{3,}|$)|`[^`\n]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : harmless(part)))
    .join('')
    .replaceAll('<!--', '&lt;!--')
}

function harmless(text: string): string {
  return text.replace(/@(?=\w)/g, '&#64;').replace(/(^|[\s(])#(?=\d)/g, '$1&#35;')
}
