import type { Program } from 'oxc-parser'
import { parseSync } from 'oxc-parser/src-js/bindings'
import type { ModuleIR } from './ir.ts'
import { assertShallow } from './nesting.ts'

/** Characters that cannot exhaust a stack of 4 MB, whatever they are: a level takes one character and 2 kB or more of both. */
const HARMLESS = 2000

/** A parsed file and what the lowering needs of it. */
export interface Parsed {
  text: string
  program: Program
  /** Where the lines begin, in UTF-16 units. */
  starts: number[]
  error: ModuleIR['error']
}

/**
 * Parses with oxc, which is native: 20 ms to load where the TypeScript compiler takes 400, and a third of its time per file
 * (bench/). Its tree comes as JSON, so types, which are a quarter of it, are left out (`astType: 'js'`).
 *
 * A file with a syntax error from which the parser cannot recover has an empty program and an `error`.
 *
 * @throws RangeError when it is nested too deeply for the parser's stack
 */
export function parseSource(path: string, text: string, harmless = HARMLESS): Parsed {
  if (text.length > harmless) assertShallow(text)
  const result = parse(path, text)
  const starts = lineStarts(text)
  const first = result.errors[0]
  return {
    text,
    // The JSON wraps the tree together with paths to literals that have no JSON form (regular expressions); they are not read.
    program: (JSON.parse(result.program) as { node: Program }).node,
    starts,
    error: first && { message: first.message, line: lineAt(starts, first.labels[0]?.start ?? 0) },
  }
}

function parse(path: string, text: string): ReturnType<typeof parseSync> {
  const script = /\.[cm]?jsx?$/.test(path)
  const options = { astType: 'js', sourceType: script ? 'unambiguous' : 'module' } as const
  if (!script) return parseSync(path, text, { ...options, lang: path.endsWith('.tsx') ? 'tsx' : 'ts' })
  const plain = parseSync(path, text, { ...options, lang: 'jsx' })
  if (plain.errors.length === 0) return plain
  // Flow annotations look enough like TypeScript.
  const typed = parseSync(path, text, { ...options, lang: 'tsx' })
  return typed.errors.length === 0 ? typed : plain
}

/** Lines end as the language says: \n, \r\n, \r, U+2028 and U+2029. */
function lineStarts(text: string): number[] {
  const starts = [0]
  if (!/[\r\u2028\u2029]/.test(text)) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
  for (const end of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(end.index + end[0].length)
  return starts
}

/** Line (from 1) of a position. */
export function lineAt(starts: readonly number[], position: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= position) low = middle
    else high = middle - 1
  }
  return low + 1
}
