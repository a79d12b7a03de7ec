import { findNodeAtLocation, type JSONPath, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

/** Deeper than any file we read has a reason to be, and shallow enough for a recursive parser. */
const MAX_DEPTH = 200

export interface JsonMistake {
  /** 1-based. */
  line: number
  message: string
}

/**
 * The first reason why a text is not JSON; undefined when it is. Unlike the message of `JSON.parse`, it never quotes the text:
 * the file may be one that was not meant to be read.
 */
export function syntaxError(text: string): JsonMistake | undefined {
  const deep = tooDeepAt(text)
  if (deep !== undefined) return { line: lineAt(text, deep), message: 'nested too deeply' }
  const errors: ParseError[] = []
  parseTree(text.replace(/^\ufeff/, ' '), errors, { disallowComments: true })
  const first = errors[0]
  if (first) return { line: lineAt(text, first.offset), message: words(printParseErrorCode(first.error)) }
  try {
    JSON.parse(text.replace(/^\ufeff/, ''))
    return undefined
  } catch {
    return { line: 1, message: 'not JSON' }
  }
}

/** Line of the value at a path, or of its nearest ancestor that exists. The text must be valid JSON. */
export function locateKey(text: string, path: readonly PropertyKey[]): number {
  const tree = parseTree(text.replace(/^\ufeff/, ' '))
  for (let length = path.length; tree && length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length) as JSONPath)
    if (node) return lineAt(text, node.offset)
  }
  return 1
}

function tooDeepAt(text: string): number | undefined {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (inString) {
      if (char === '\\') index++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '[' || char === '{') {
      if (++depth > MAX_DEPTH) return index
    } else if (char === ']' || char === '}') depth--
  }
  return undefined
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let index = text.indexOf('\n'); index >= 0 && index < offset; index = text.indexOf('\n', index + 1)) line++
  return line
}

/** `PropertyNameExpected` → `property name expected`. */
function words(code: string): string {
  return code.replace(/(?!^)([A-Z])/g, ' $1').toLowerCase()
}
