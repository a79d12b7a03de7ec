/**
 * The parser is native and recurses without looking at its stack: text nested without end would end the whole process. It takes
 * 0.4 to 4 kB a level (measured: template literals and types most), so that these limits stay below 1.5 MB; code that people
 * write stays far below the limits.
 */
const MAX_BRACKETS = 250
const MAX_ELEMENTS = 500
/** Operators, calls and properties between two separators. */
const MAX_CHAIN = 2000
/** Statements that can hold one another without brackets. */
const MAX_BRANCHES = 5000

const OTHER = 0
const OPEN = 1
const CLOSE = 2
const OPERATOR = 3
const SEPARATOR = 4
const QUOTE = 5
const SLASH = 6
const BACKTICK = 7
const NEWLINE = 8
const BACKSLASH = 9
const LESS = 10

const KINDS = new Uint8Array(128)
for (const [kind, characters] of [
  [OPEN, '([{'],
  [CLOSE, ')]}'],
  [OPERATOR, '+-*%!~?:=&|^.>'],
  [SEPARATOR, ',;'],
  [QUOTE, '\'"'],
  [SLASH, '/'],
  [BACKTICK, '`'],
  [NEWLINE, '\n\r'],
  [BACKSLASH, '\\'],
  [LESS, '<'],
] as const)
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind

/**
 * An estimate that reads text as tokens where that is easy: strings, comments and template literals; a quote in an element's text
 * or in a regular expression may mislead it a little.
 *
 * @throws RangeError when the nesting is beyond what the parser should be given
 */
export function assertShallow(text: string): void {
  let depth = 0
  let elements = 0
  let chain = 0
  /** Bracket depths at which a template literal goes on. */
  const templates: number[] = []
  const { length } = text
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    switch (code < 128 ? KINDS[code] : OTHER) {
      case OPEN:
        if (++depth > MAX_BRACKETS) tooDeep()
        if (code === 123) chain = 0
        else if (++chain > MAX_CHAIN) tooDeep()
        break
      case CLOSE:
        if (depth > 0) depth--
        if (code !== 125) break
        chain = 0
        if (templates.at(-1) !== depth) break
        templates.pop()
        at = inTemplate(at + 1)
        break
      case OPERATOR:
        if (++chain > MAX_CHAIN) tooDeep()
        break
      case SEPARATOR:
        chain = 0
        break
      case QUOTE:
        at = endOfString(text, at, code)
        break
      case BACKTICK:
        at = inTemplate(at + 1)
        break
      case BACKSLASH:
        at++
        break
      case SLASH: {
        const next = text.charCodeAt(at + 1)
        if (next === 47) at = endOr(text, text.indexOf('\n', at)) - 1
        else if (next === 42) at = endOr(text, text.indexOf('*/', at + 2)) + 1
        else if (next === 62 && elements > 0) elements--
        else chain++
        break
      }
      case NEWLINE:
        if (!goesOn(text, at)) chain = 0
        break
      case LESS: {
        const next = text.charCodeAt(at + 1)
        if (next === 47 && elements > 0) elements--
        else if ((isLetter(next) || next === 62) && !isLetter(text.charCodeAt(at - 1)) && ++elements > MAX_ELEMENTS)
          tooDeep()
      }
    }
  }
  if (length > MAX_BRANCHES * 4 && (text.match(/\b(?:else|if|for|while)\b/g)?.length ?? 0) > MAX_BRANCHES) tooDeep()

  /** Skips text of a template literal; returns the position of its end, or of the brace that opens an expression. */
  function inTemplate(from: number): number {
    for (let at = from; at < length; at++) {
      const code = text.charCodeAt(at)
      if (code === 92) at++
      else if (code === 96) return at
      else if (code === 36 && text.charCodeAt(at + 1) === 123) {
        templates.push(depth)
        if (++depth > MAX_BRACKETS) tooDeep()
        return at + 1
      }
    }
    return length
  }
}

/** Position of the closing quote; of the opening one when the line ends first (an apostrophe in text). */
function endOfString(text: string, start: number, quote: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) return at
    if (code === 92) at++
    else if (code === 10) return start
  }
  return start
}

/** Whether the expression goes on after the end of the line. */
function goesOn(text: string, newline: number): boolean {
  let before = newline - 1
  while (before >= 0 && text.charCodeAt(before) <= 32) before--
  let after = newline + 1
  while (after < text.length && text.charCodeAt(after) <= 32) after++
  const last = text.charCodeAt(before)
  return (KINDS[last] === OPERATOR && last !== 62) || KINDS[last] === OPEN || KINDS[text.charCodeAt(after)] === OPERATOR
}

function endOr(text: string, found: number): number {
  return found < 0 ? text.length : found
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122
}

function tooDeep(): never {
  throw new RangeError('nested too deeply')
}
