import { type CommentText, instructionsIn, lineOf, lineStarts, type SuppressionComment } from './comments.ts'

interface Scan {
  comments: CommentText[]
  /** Offsets of the semicolons that end a statement. */
  ends: number[]
}

/**
 * Suppression comments of an SQL file: `--` and nested block comments, not in quoted strings or names. The body of a
 * dollar-quoted function counts as code, for its author comments it like code.
 */
export function sqlComments(text: string): SuppressionComment[] {
  const { comments, ends } = scanSql(text)
  const starts = lineStarts(text)
  return comments.flatMap(comment =>
    instructionsIn(comment).map(({ offset, playbooks, reason }) => {
      const line = lineOf(starts, offset)
      const covers = [{ first: line, last: lineOf(starts, comment.end) }]
      const first = codeAfter(text, comment, comments)
      const end = ends.find(at => at >= first)
      if (first < text.length)
        covers.push({ first: lineOf(starts, first), last: lineOf(starts, end ?? text.length - 1) })
      return { line, playbooks, reason, covers }
    }),
  )
}

/** Lines of the SQL statement that stands at a line. */
export function sqlStatementAt(text: string, line: number): { first: number; last: number } {
  const starts = lineStarts(text)
  const ends = scanSql(text).ends.map(end => lineOf(starts, end))
  const next = ends.findIndex(end => end >= line)
  const before = ends[(next < 0 ? ends.length : next) - 1]
  // A statement that shares its first line with the end of the one before it begins there.
  const first = before === undefined ? 1 : Math.min(before + 1, line)
  return { first, last: next < 0 ? starts.length : ends[next]! }
}

function codeAfter(text: string, comment: CommentText, comments: readonly CommentText[]): number {
  let at = comment.end
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++
    const next = comments.find(other => other.offset - 2 === at)
    if (!next) return at
    at = next.end
  }
}

function scanSql(text: string): Scan {
  const scan: Scan = { comments: [], ends: [] }
  let dollarTag: string | undefined
  let at = 0
  while (at < text.length) {
    const two = text.slice(at, at + 2)
    if (two === '--') at = lineComment(text, at, 2, scan)
    else if (two === '/*') at = blockComment(text, at, scan)
    else if (text[at] === "'" || text[at] === '"') at = quoted(text, at, dollarTag)
    else if (text[at] === '$') {
      const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 70))?.[0]
      if (tag && (dollarTag === undefined || dollarTag === tag)) dollarTag = dollarTag === undefined ? tag : undefined
      at += tag?.length ?? 1
    } else {
      if (text[at] === ';' && dollarTag === undefined) scan.ends.push(at)
      at++
    }
  }
  return scan
}

/** Offset behind a quoted string or name; within a dollar-quoted body it ends with the body at the latest. */
function quoted(text: string, from: number, dollarTag: string | undefined): number {
  const close = text.indexOf(text[from]!, from + 1)
  if (close < 0) return dollarTag === undefined ? text.length : from + 1
  const bodyEnd = dollarTag === undefined ? -1 : text.indexOf(dollarTag, from)
  return bodyEnd >= 0 && bodyEnd < close ? bodyEnd : close + 1
}

function lineComment(text: string, at: number, delimiter: number, scan: Scan): number {
  const newline = text.indexOf('\n', at)
  const end = newline < 0 ? text.length : newline
  scan.comments.push({ text: text.slice(at + delimiter, end), offset: at + delimiter, end })
  return end
}

function blockComment(text: string, from: number, scan: Scan): number {
  let depth = 1
  let at = from + 2
  while (at < text.length && depth > 0) {
    const two = text.slice(at, at + 2)
    if (two === '/*') depth++
    if (two === '*/') depth--
    at += two === '/*' || two === '*/' ? 2 : 1
  }
  scan.comments.push({ text: text.slice(from + 2, depth === 0 ? at - 2 : at), offset: from + 2, end: at })
  return at
}

/** Suppression comments of TOML, YAML and .env files (`#`) and of Prisma schemas (`//`): each covers its line and the next. */
export function lineComments(text: string, delimiter: '#' | '//'): SuppressionComment[] {
  const found: SuppressionComment[] = []
  const lines = text.split('\n')
  lines.forEach((content, index) => {
    const at = commentStart(content, delimiter)
    if (at < 0) return
    const comment = { text: content.slice(at + delimiter.length), offset: 0, end: 0 }
    for (const { playbooks, reason } of instructionsIn(comment)) {
      const next = lines.findIndex(
        (other, later) => later > index && other.trim() !== '' && !other.trim().startsWith(delimiter),
      )
      const covers = [{ first: index + 1, last: index + 1 }]
      if (next >= 0) covers.push({ first: next + 1, last: next + 1 })
      found.push({ line: index + 1, playbooks, reason, covers })
    }
  })
  return found
}

function commentStart(line: string, delimiter: string): number {
  let quote: string | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!
    if (quote) quote = char === quote ? undefined : quote
    else if (char === '"' || char === "'") quote = char
    else if (line.startsWith(delimiter, at) && (at === 0 || delimiter === '//' || /\s/.test(line[at - 1]!))) return at
  }
  return -1
}
