/** A comment that begins with `scalability-ignore`, wherever it stands. */
export interface SuppressionComment {
  /** 1-based line of the word `scalability-ignore`. */
  line: number
  /** As written: `database/unbounded-query` or `unbounded-query`. */
  playbooks: string[]
  /** Empty when none was given. */
  reason: string
  /** Lines it speaks for: its own, and the statement that follows it. */
  covers: { first: number; last: number }[]
}

export const MARKER = 'scalability-ignore'

/** The text of a comment, without its delimiters, and where it stands. */
export interface CommentText {
  text: string
  /** Offset of `text` in the file. */
  offset: number
  /** Offset behind the whole comment, its closing delimiter included. */
  end: number
}

/** Line starts of a text, to turn offsets into lines. */
export function lineStarts(text: string): number[] {
  const starts = [0]
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1)
  return starts
}

/** 1-based line of an offset. */
export function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** More playbooks than there are in one instruction is no suppression. */
const MAX_NAMES = 100

const INSTRUCTION = /^[\s*]*scalability-ignore(?![\w-])([^:]*)(:.*)?$/

/**
 * The instructions in one comment: each line that begins with the marker, `scalability-ignore <playbook>[, <playbook>]: reason`.
 * A comment that merely mentions the word is none.
 */
export function instructionsIn(comment: CommentText): { offset: number; playbooks: string[]; reason: string }[] {
  const found: { offset: number; playbooks: string[]; reason: string }[] = []
  let offset = comment.offset
  for (const line of comment.text.split('\n')) {
    const match = INSTRUCTION.exec(line.replace(/\r$/, ''))
    if (match) {
      const named = match[1]!.split(/[\s,]+/, MAX_NAMES).filter(Boolean)
      // Without the colon, what follows the first word may be a reason that was not marked as one.
      const playbooks = match[2] === undefined ? named.slice(0, 1) : named
      found.push({ offset: offset + line.indexOf(MARKER), playbooks, reason: (match[2] ?? '').slice(1).trim() })
    }
    offset += line.length + 1
  }
  return found
}
