import { tokens } from '../schema/sql/lexer.ts'

/**
 * Edits policy expressions by the offsets of their tokens. Nothing is parsed and printed again: what is not recognised stays as its
 * author wrote it.
 */

interface Piece {
  text: string
  start: number
  end: number
  /** Index of the matching parenthesis, for parentheses. */
  pair?: number
  word: boolean
}

function piecesOf(text: string): Piece[] {
  const open: number[] = []
  const out: Piece[] = []
  for (const { kind, start, end } of tokens(text)) {
    const raw = text.slice(start, end)
    const piece: Piece = {
      text: kind === 'word' ? raw.toLowerCase() : kind === 'quoted' ? raw.slice(1, -1) : raw,
      start,
      end,
      word: kind === 'word' || kind === 'quoted',
    }
    out.push(piece)
    if (kind !== 'punct') continue
    if (raw === '(') open.push(out.length - 1)
    if (raw === ')') {
      const from = open.pop()
      if (from === undefined) continue
      piece.pair = from
      const opening = out[from]
      if (opening) opening.pair = out.length - 1
    }
  }
  return out
}

/** `(select …)` without a FROM of its own, not under EXISTS: computed once for the statement. */
function isOnce(pieces: readonly Piece[], open: number): boolean {
  const close = pieces[open]?.pair
  if (close === undefined || pieces[open + 1]?.text !== 'select' || pieces[open - 1]?.text === 'exists') return false
  for (let at = open + 1; at < close; at += 1) {
    const piece = pieces[at]
    if (piece?.text === '(' && piece.pair !== undefined) at = piece.pair
    else if (piece?.word && piece.text === 'from') return false
  }
  return true
}

/** What asks who the caller is: the same for all rows of a statement. */
function asksCaller(schema: string | undefined, name: string): boolean {
  if (schema === 'auth') return ['uid', 'jwt', 'role', 'email'].includes(name)
  return name === 'current_setting' && (schema === undefined || schema === 'pg_catalog')
}

interface Call {
  first: number
  last: number
  schema: string | undefined
  name: string
}

/** Calls outside of every `(select …)` that makes them once, outermost first. */
function bareCalls(pieces: readonly Piece[], wanted: (call: Call) => boolean): Call[] {
  const out: Call[] = []
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]
    if (piece?.text === '(' && isOnce(pieces, at)) {
      at = piece.pair ?? at
      continue
    }
    const open = pieces[at + 1]
    if (!piece?.word || open?.text !== '(' || open.pair === undefined) continue
    const isQualified = pieces[at - 1]?.text === '.' && pieces[at - 2]?.word === true
    const first = isQualified ? at - 2 : at
    const before = pieces[first - 1]
    if (before?.word && ['from', 'join', 'lateral'].includes(before.text)) continue
    if (before?.text === ':' || before?.text === '.') continue
    const call = { first, last: open.pair, schema: isQualified ? pieces[first]?.text : undefined, name: piece.text }
    if (!wanted(call)) continue
    out.push(call)
    at = open.pair
  }
  return out
}

/** Nothing of the row among the arguments: literals, casts, and calls that ask who the caller is. */
function takesNothingOfRow(pieces: readonly Piece[], { first, last, schema }: Call): boolean {
  const open = first + (schema === undefined ? 1 : 3)
  for (let at = open + 1; at < last; at += 1) {
    const piece = pieces[at]
    if (!piece?.word || ['true', 'false', 'null', 'select', 'as'].includes(piece.text)) continue
    if (pieces[at - 1]?.text === ':' && pieces[at - 2]?.text === ':') continue
    if (piece.text === 'auth' && pieces[at + 1]?.text === '.' && asksCaller('auth', pieces[at + 2]?.text ?? '')) {
      at += 2
      continue
    }
    return false
  }
  return true
}

/** The expression with its bare calls wrapped in `(select …)`; the text itself when there are none. */
export function wrapCalls(text: string, alsoWrap: readonly string[] = []): string {
  const pieces = piecesOf(text)
  const calls = bareCalls(pieces, call => {
    const isHelper = alsoWrap.some(
      name => name === `${call.schema ?? 'public'}.${call.name}` || (!name.includes('.') && name === call.name),
    )
    return (asksCaller(call.schema, call.name) || isHelper) && takesNothingOfRow(pieces, call)
  })
  return calls.reduceRight((out, { first, last }) => {
    const start = pieces[first]?.start ?? 0
    const end = pieces[last]?.end ?? 0
    return `${out.slice(0, start)}(select ${out.slice(start, end)})${out.slice(end)}`
  }, text)
}

/** Splits at a word outside of all parentheses; parentheses around the whole are opened first. */
function splitAt(text: string, word: string): string[] {
  const bare = unwrapped(text)
  const pieces = piecesOf(bare)
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]
    if (piece?.text === '(' && piece.pair !== undefined) at = piece.pair
    else if (piece?.word && piece.text === word) {
      parts.push(bare.slice(from, piece.start))
      from = piece.end
    }
  }
  parts.push(bare.slice(from))
  return parts.length === 1 ? parts : parts.flatMap(part => splitAt(part, word))
}

function unwrapped(text: string): string {
  const pieces = piecesOf(text)
  const isWhole = pieces[0]?.text === '(' && pieces[0].pair === pieces.length - 1 && pieces[1]?.text !== 'select'
  return isWhole ? unwrapped(text.slice(pieces[0]?.end, pieces.at(-1)?.start)) : text
}

const UID = String.raw`(?:\( ?select auth ?\. ?uid ?\( ?\)(?: as \w+)? ?\)|auth ?\. ?uid ?\( ?\))(?: ?:: ?(?:text|uuid))?`
const IS_USER = [
  new RegExp(`^${UID} is not null$`),
  new RegExp(String.raw`^${UID} ?= ?[\w."]+(?: ?:: ?\w+)?$`),
  new RegExp(String.raw`^[\w."]+(?: ?:: ?\w+)? ?= ?${UID}$`),
  /^(?:\( ?select auth ?\. ?role ?\( ?\) ?\)|auth ?\. ?role ?\( ?\)) ?= ?'authenticated'(?: ?:: ?text)?$/,
]

/**
 * The expression can only be true for somebody who is signed in: every branch of it has a condition that is not true without a user
 * id. Doubt is no.
 */
export function needsUser(text: string): boolean {
  return splitAt(text, 'or').every(branch =>
    splitAt(branch, 'and').some(conjunct => {
      // Comments and blanks apart.
      const bare = piecesOf(unwrapped(conjunct))
        .map(({ text: piece }) => piece)
        .join(' ')
        .replace(/ ?([.():]) ?/g, '$1')
        .replace(/\)(?=\w)/g, ') ')
      return IS_USER.some(pattern => pattern.test(bare))
    }),
  )
}

/** The same expression, blanks and comments apart. */
export function sameExpression(a: string, b: string): boolean {
  const bare = (text: string): string =>
    piecesOf(unwrapped(text))
      .map(piece => piece.text)
      .join(' ')
  return bare(a) === bare(b)
}
