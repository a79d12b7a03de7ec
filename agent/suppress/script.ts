import type { ts as TS } from 'ts-morph'
import { type CommentText, instructionsIn, lineOf, lineStarts, MARKER, type SuppressionComment } from './comments.ts'

/**
 * Suppression comments of a TypeScript or JavaScript file. The compiler says what is a comment: the same words in a string,
 * a template, a regular expression or the text of a JSX element are none.
 *
 * The text is untrusted: however many such comments it holds, the tree is walked once and each stretch between two tokens is
 * looked at once.
 */
export function scriptComments(ts: typeof TS, path: string, text: string): SuppressionComment[] {
  const kind = /\.[mc]?jsx?$/.test(path) ? ts.ScriptKind.JSX : path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  // Documentation is read as the comments it is: the compiler's own parser of it takes minutes for some thousand in a row.
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }
  const file = openFile(ts, ts.createSourceFile(path, text, options, true, kind))
  const starts = lineStarts(text)
  const seen = new Set<number>()
  const found: SuppressionComment[] = []
  for (let at = text.indexOf(MARKER); at >= 0; at = text.indexOf(MARKER, at + 1)) {
    const comment = commentAt(file, at)
    if (!comment || seen.has(comment.offset)) continue
    seen.add(comment.offset)
    const below = codeBelow(file, comment)
    for (const { offset, playbooks, reason } of instructionsIn(comment)) {
      const line = lineOf(starts, offset)
      found.push({ line, playbooks, reason, covers: [{ first: line, last: lineOf(starts, comment.end) }, ...below] })
    }
  }
  return found
}

interface Token {
  node: TS.Node
  /** Its place among the tokens. */
  index: number
  /** Offset of the first character behind the comments and blanks in front of it. */
  start: number
  /** The comments in front of it, in their order. */
  comments: TS.CommentRange[] | undefined
  /** Lines that a comment above it speaks for. */
  lines: { first: number; last: number }[] | undefined
}

interface File {
  ts: typeof TS
  source: TS.SourceFile
  /** In the order of the text; each goes from the end of the one before to its own end. */
  tokens: Token[]
  /** Nodes that may still be looked at for bodies: comments at every level of deep nesting would look at everything again and again. */
  budget: number
}

/** A file of a person has some ten thousand nodes, and few comments. */
const MAX_VISITS = 2_000_000

function openFile(ts: typeof TS, source: TS.SourceFile): File {
  const tokens: Token[] = []
  // A stack of its own: `a + b + c + …` is nested as deeply as it is long.
  const open: TS.Node[] = [source]
  for (let node = open.pop(); node; node = open.pop()) {
    const children = node.getChildren(source)
    if (children.length > 0) for (let index = children.length - 1; index >= 0; index--) open.push(children[index]!)
    else if (node.end > node.pos || node.kind === ts.SyntaxKind.EndOfFileToken)
      tokens.push(tokenOf(source, node, tokens.length))
  }
  return { ts, source, tokens, budget: MAX_VISITS }
}

function tokenOf(source: TS.SourceFile, node: TS.Node, index: number): Token {
  return { node, index, start: node.getStart(source, false), comments: undefined, lines: undefined }
}

/** The token whose text, or the comments and blanks in front of it, hold the offset. */
function tokenAt({ tokens }: File, offset: number): Token {
  let low = 0
  let high = tokens.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (tokens[middle]!.node.end > offset) high = middle
    else low = middle + 1
  }
  return tokens[low]!
}

/** The comment that holds an offset; undefined when the offset lies in code, a string or JSX text. */
function commentAt(file: File, offset: number): CommentText | undefined {
  const { ts, source } = file
  const token = tokenAt(file, offset)
  if (token.node.kind === ts.SyntaxKind.JsxText || offset >= token.start) return undefined
  const from = token.node.pos
  token.comments ??= [
    ...(ts.getTrailingCommentRanges(source.text, from) ?? []),
    ...(ts.getLeadingCommentRanges(source.text, from) ?? []),
  ]
  const range = rangeAt(token.comments, offset)
  if (!range) return undefined
  const closing = range.kind === ts.SyntaxKind.MultiLineCommentTrivia ? 2 : 0
  const end = Math.max(range.pos + 2, range.end - closing)
  return { text: source.text.slice(range.pos + 2, end), offset: range.pos + 2, end: range.end }
}

function rangeAt(ranges: readonly TS.CommentRange[], offset: number): TS.CommentRange | undefined {
  let low = 0
  let high = ranges.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle]!.end > offset) high = middle
    else low = middle + 1
  }
  const range = ranges[low]
  return range && range.pos <= offset && offset < range.end ? range : undefined
}

/**
 * Lines of the code that a comment stands above: from the first token behind it to the end of the largest node that begins there,
 * but not into the body of a function, a class or a block (a word above a function is about the function, not all it does).
 */
function codeBelow(file: File, comment: CommentText): { first: number; last: number }[] {
  let token = tokenAt(file, comment.end - 1)
  // In JSX a comment stands in braces of its own: what it is about comes behind them.
  if (file.ts.isJsxExpression(token.node.parent) && isBetween(file.source.text, comment))
    token = tokenBehindBraces(file, token)
  token.lines ??= linesOf(file, token)
  return token.lines
}

/** Only blanks between `{` and the comment, and between it and `}`. */
function isBetween(text: string, comment: CommentText): boolean {
  let before = comment.offset - 3
  while (before >= 0 && isBlank(text[before]!)) before--
  let after = comment.end
  while (after < text.length && isBlank(text[after]!)) after++
  return text[before] === '{' && text[after] === '}'
}

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r'
}

/** Behind the brace: the text of the element when it says something, else what follows it. */
function tokenBehindBraces({ ts, tokens }: File, brace: Token): Token {
  const next = tokens[brace.index + 1]
  if (!next) return brace
  const isBlankText = next.node.kind === ts.SyntaxKind.JsxText && next.node.getText().trim() === ''
  return isBlankText ? (tokens[next.index + 1] ?? next) : next
}

function linesOf(file: File, token: Token): { first: number; last: number }[] {
  const { ts, source } = file
  const line = (offset: number): number => source.getLineAndCharacterOfPosition(offset).line + 1
  const first = line(token.start)
  if (token.start >= source.text.length) return []
  let largest: TS.Node | undefined
  // Nodes that begin with the same token begin with the same blanks.
  for (let node: TS.Node | undefined = token.node; node && node.pos === token.node.pos; node = node.parent) {
    if (ts.isSourceFile(node)) break
    if (node.kind !== ts.SyntaxKind.SyntaxList) largest = node
  }
  if (!largest) return [{ first, last: first }]
  return [{ first, last: line(firstBody(file, largest) ?? largest.end) }]
}

/** Where the first body within a node begins. */
function firstBody(file: File, node: TS.Node): number | undefined {
  const { ts, source } = file
  if (file.budget-- <= 0) return undefined
  if (ts.isBlock(node) || ts.isClassLike(node) || ts.isCaseBlock(node)) return node.getStart(source, false)
  return ts.forEachChild(node, child => firstBody(file, child))
}
