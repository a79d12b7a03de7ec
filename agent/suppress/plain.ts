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
  const codeBehind = codeAfter(text, comments)
  return comments.flatMap((comment, index) =>
    instructionsIn(comment).map(({ offset, playbooks, reason }) => {
      const line = lineOf(starts, offset)
      const covers = [{ first: line, last: lineOf(starts, comment.end) }]
      const first = codeBehind[index]!
      const end = firstFrom(ends, first)
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

/** For each comment the offset of the code behind it, other comments skipped. From the last to the first, so that each is looked at once. */
function codeAfter(text: string, comments: readonly CommentText[]): number[] {
  const found: number[] = []
  for (let index = comments.length - 1; index >= 0; index--) {
    let at = comments[index]!.end
    while (at < text.length && /\s/.test(text[at]!)) at++
    const next = comments[index + 1]
    found[index] = next && next.offset - 2 === at ? found[index + 1]! : at
  }
  return found
}

/** The first of the ascending numbers that is not below the limit. */
function firstFrom(numbers: readonly number[], limit: number): number | undefined {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < limit) low = middle + 1
    else high = middle
  }
  return numbers[low]
}

function scanSql(text: string): Scan {
  const scan: Scan = { comments: [], ends: [] }
  /** The dollar-quoted body that is open, and where it ends; looked for once, or every quote in it would look again. */
  let body: { tag: string; end: number } | undefined
  let at = 0
  while (at < text.length) {
    const two = text.slice(at, at + 2)
    if (two === '--') at = lineComment(text, at, 2, scan)
    else if (two === '/*') at = blockComment(text, at, scan)
    else if (text[at] === "'" || text[at] === '"') at = quoted(text, at, body?.end)
    else if (text[at] === '$') {
      const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 70))?.[0]
      if (tag && body === undefined) body = { tag, end: text.indexOf(tag, at + tag.length) }
      else if (tag && body?.tag === tag) body = undefined
      at += tag?.length ?? 1
    } else {
      if (text[at] === ';' && body === undefined) scan.ends.push(at)
      at++
    }
  }
  return scan
}

/**
 * Offset behind a quoted string or name; within a dollar-quoted body it ends with the body at the latest.
 *
 * @param bodyEnd undefined outside of a body, -1 in one that never ends
 */
function quoted(text: string, from: number, bodyEnd: number | undefined): number {
  const close = text.indexOf(text[from]!, from + 1)
  if (close < 0) return bodyEnd === undefined ? text.length : from + 1
  return bodyEnd !== undefined && bodyEnd >= 0 && bodyEnd < close ? bodyEnd : close + 1
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
  const codeBelow = nextCode(lines, delimiter)
  lines.forEach((content, index) => {
    const at = commentStart(content, delimiter)
    if (at < 0) return
    const comment = { text: content.slice(at + delimiter.length), offset: 0, end: 0 }
    for (const { playbooks, reason } of instructionsIn(comment)) {
      const next = codeBelow[index]
      const covers = [{ first: index + 1, last: index + 1 }]
      if (next !== undefined) covers.push({ first: next + 1, last: next + 1 })
      found.push({ line: index + 1, playbooks, reason, covers })
    }
  })
  return found
}

/** For each line the index of the next one below it that is neither blank nor a comment. */
function nextCode(lines: readonly string[], delimiter: string): (number | undefined)[] {
  const next: (number | undefined)[] = []
  let below: number | undefined
  for (let index = lines.length - 1; index >= 0; index--) {
    next[index] = below
    const text = lines[index]!.trim()
    if (text !== '' && !text.startsWith(delimiter)) below = index
  }
  return next
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
