import { harmless, oneLine, truncate } from '../text.ts'

const LONGEST = 2_000
const LANGUAGES: Record<string, string> = {
  ts: 'ts',
  mts: 'ts',
  cts: 'ts',
  tsx: 'tsx',
  js: 'js',
  mjs: 'js',
  cjs: 'js',
  jsx: 'jsx',
  sql: 'sql',
  json: 'json',
  prisma: 'prisma',
  toml: 'toml',
}

/**
 * Untrusted text as inert Markdown on one line. Pieces between single backticks, as in our own titles, stay code; in the rest every
 * mark is escaped, and what GitHub would turn into a link by itself (addresses, @names, #numbers) is broken by an invisible space.
 */
export function prose(text: string, inTable = false): string {
  const line = truncate(oneLine(text), LONGEST)
  return line
    .split(/(?<!`)(`[^`]+`)(?!`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1), inTable) : escapeMarks(part, index === 0)))
    .join('')
}

function escapeMarks(text: string, isStart: boolean): string {
  const inline = text
    .replace(/[\\`*[\]~|$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:(?=\S)/g, '\\:')
    .replace(/\bwww\./gi, found => `${found.slice(0, -1)}\\.`)
    .replace(/@(?=\S)/g, '@\u200b')
    .replace(/#(?=\d)/g, '#\u200b')
    .replace(/\bGH-(?=\d)/gi, found => `${found}\u200b`)
    .replace(/#$/, '\\#')
  // At the start of a list item a mark could open a block of its own: a heading, a list, a rule.
  return isStart ? inline.replace(/^[#+=-]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2') : inline
}

/** Untrusted text as a code span that nothing in it can end. */
export function code(text: string, inTable = false): string {
  const line = truncate(oneLine(text), LONGEST) || ' '
  // GFM reads the pipes of a table before its code spans, and takes the backslash away again; a pipe cannot be shown otherwise.
  const shown = inTable ? line.replace(/\\*\|/g, pipe => `${pipe.slice(0, -1)}\\|`) : line
  const marks = '`'.repeat(longestRun(shown) + 1)
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${marks}${pad}${shown}${pad}${marks}`
}

/** Untrusted source as a fenced block that nothing in it can end. */
export function fence(source: string, file: string): string {
  const text = harmless(source)
    .split('\n')
    .map(line => truncate(line, 400))
    .join('\n')
  const marks = '`'.repeat(Math.max(3, longestRun(text) + 1))
  const language = LANGUAGES[file.split('.').at(-1)?.toLowerCase() ?? ''] ?? ''
  return `${marks}${language}\n${text}\n${marks}`
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length))
}

/** Moves the headings of our own Markdown down by `levels`, leaving code blocks as they are. */
export function nestHeadings(markdown: string, levels: number): string {
  let open = ''
  return markdown
    .split('\n')
    .map(line => {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
      if (open) {
        if (mark?.startsWith(open) && line.trim() === mark) open = ''
        return line
      }
      if (mark) open = mark
      return line.replace(/^(#{1,6})(?=\s)/, marks => '#'.repeat(Math.min(6, marks.length + levels)))
    })
    .join('\n')
}
