import type { ts as TS } from 'ts-morph'
import { type CommentText, instructionsIn, lineOf, lineStarts, MARKER, type SuppressionComment } from './comments.ts'

/**
 * Suppression comments of a TypeScript or JavaScript file. The compiler says what is a comment: the same words in a string,
 * a template, a regular expression or the text of a JSX element are none.
 */
export function scriptComments(ts: typeof TS, path: string, text: string): SuppressionComment[] {
  const kind = /\.[mc]?jsx?$/.test(path) ? ts.ScriptKind.JSX : path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const starts = lineStarts(text)
  const seen = new Set<number>()
  const found: SuppressionComment[] = []
  for (let at = text.indexOf(MARKER); at >= 0; at = text.indexOf(MARKER, at + 1)) {
    const comment = commentAt(ts, source, at)
    if (!comment || seen.has(comment.offset)) continue
    seen.add(comment.offset)
    const inJsx = /\{\s*$/.test(text.slice(0, comment.offset - 2)) && /^\s*\}/.test(text.slice(comment.end))
    for (const { offset, playbooks, reason } of instructionsIn(comment)) {
      const line = lineOf(starts, offset)
      const covers = [
        { first: line, last: lineOf(starts, comment.end) },
        ...statementAfter(ts, source, comment.end, inJsx),
      ]
      found.push({ line, playbooks, reason, covers })
    }
  }
  return found
}

/** The comment that holds an offset; undefined when the offset lies in code, a string or JSX text. */
function commentAt(ts: typeof TS, source: TS.SourceFile, offset: number): CommentText | undefined {
  const token = tokenAt(ts, source, offset)
  if (token.kind === ts.SyntaxKind.JsxText || offset >= token.getStart(source, false)) return undefined
  const from = token.getFullStart()
  const text = source.text
  const ranges = [...(ts.getTrailingCommentRanges(text, from) ?? []), ...(ts.getLeadingCommentRanges(text, from) ?? [])]
  const range = ranges.find(({ pos, end }) => pos <= offset && offset < end)
  if (!range) return undefined
  const closing = range.kind === ts.SyntaxKind.MultiLineCommentTrivia ? 2 : 0
  return { text: text.slice(range.pos + 2, range.end - closing), offset: range.pos + 2, end: range.end }
}

/** The token whose text or leading trivia holds the offset. */
function tokenAt(ts: typeof TS, source: TS.SourceFile, offset: number): TS.Node {
  let node: TS.Node = source
  for (;;) {
    const next: TS.Node | undefined = node
      .getChildren(source)
      .find(child =>
        child.kind < ts.SyntaxKind.FirstJSDocNode || child.kind > ts.SyntaxKind.LastJSDocNode
          ? child.getFullStart() <= offset && offset < child.end
          : false,
      )
    if (!next) return node.kind === ts.SyntaxKind.SourceFile ? source.endOfFileToken : node
    node = next
  }
}

/**
 * Lines of the code that a comment stands above: from the first token behind it to the end of the largest node that begins there,
 * but not into the body of a function, a class or a block (a word above a function is about the function, not all it does).
 */
function statementAfter(
  ts: typeof TS,
  source: TS.SourceFile,
  end: number,
  inJsx: boolean,
): { first: number; last: number }[] {
  const position = skipTrivia(ts, source.text, end, inJsx)
  const first = source.getLineAndCharacterOfPosition(position).line + 1
  if (position >= source.text.length) return []
  let largest: TS.Node | undefined
  for (let node: TS.Node | undefined = tokenAt(ts, source, position); node; node = node.parent) {
    if (node.getStart(source, false) !== position || ts.isSourceFile(node)) break
    if (node.kind !== ts.SyntaxKind.SyntaxList) largest = node
  }
  if (!largest) return [{ first, last: first }]
  const stop = firstBody(ts, largest)?.getStart(source, false) ?? largest.end
  return [{ first, last: source.getLineAndCharacterOfPosition(stop).line + 1 }]
}

/** Skips white space, comments, and the brace that closes a comment in JSX. */
function skipTrivia(ts: typeof TS, text: string, end: number, inJsx: boolean): number {
  let at = inJsx ? text.indexOf('}', end) + 1 : end
  for (;;) {
    const comments = [...(ts.getTrailingCommentRanges(text, at) ?? []), ...(ts.getLeadingCommentRanges(text, at) ?? [])]
    const next = comments.at(-1)?.end ?? at
    const blank = /^\s*/.exec(text.slice(next))![0].length
    if (next + blank === at) return at
    at = next + blank
  }
}

function firstBody(ts: typeof TS, node: TS.Node): TS.Node | undefined {
  if (ts.isBlock(node) || ts.isClassLike(node) || ts.isCaseBlock(node)) return node
  return ts.forEachChild(node, child => firstBody(ts, child))
}
