/**
 * Reads the SQL expressions of policies, checks and indexes far enough for the detectors: tokens, parentheses, calls,
 * sub-selects and comparisons. No grammar: what is not recognised is left alone, so that doubt stays quiet.
 */

export interface SqlToken {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'punct'
  /** Identifiers as PostgreSQL folds them; strings with their quotes. */
  text: string
}

export interface SqlGroup {
  kind: 'group'
  items: SqlNode[]
}

export type SqlNode = SqlToken | SqlGroup

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d+(?:\.\d+)?|::|[<>=!~@#%^&|?+*/-]+|[^\s]/g

function sqlTokens(text: string): SqlToken[] {
  return [...text.matchAll(TOKEN)].flatMap(([raw]): SqlToken[] => {
    if (raw.startsWith('--') || raw.startsWith('/*')) return []
    if (raw.startsWith("'") || (raw.startsWith('$') && raw.length > 1)) return [{ kind: 'string', text: raw }]
    if (raw.startsWith('"')) return [{ kind: 'quoted', text: raw.slice(1, -1).replaceAll('""', '"') }]
    if (/^\d/.test(raw)) return [{ kind: 'number', text: raw }]
    if (/^[A-Za-z_\u0080-\uffff]/.test(raw)) return [{ kind: 'word', text: raw.toLowerCase() }]
    return [{ kind: 'punct', text: raw }]
  })
}

/** The text as a tree of its parentheses. Brackets that do not close end with the text. */
export function sqlTree(text: string): SqlNode[] {
  const root: SqlGroup = { kind: 'group', items: [] }
  const open = [root]
  for (const token of sqlTokens(text)) {
    const top = open.at(-1) ?? root
    if (token.kind === 'punct' && token.text === '(') {
      const group: SqlGroup = { kind: 'group', items: [] }
      top.items.push(group)
      open.push(group)
    } else if (token.kind === 'punct' && token.text === ')') {
      if (open.length > 1) open.pop()
    } else top.items.push(token)
  }
  return root.items
}

export function isWord(node: SqlNode | undefined, ...words: string[]): boolean {
  return node?.kind === 'word' && words.includes(node.text)
}

export function isPunct(node: SqlNode | undefined, text: string): boolean {
  return node?.kind === 'punct' && node.text === text
}

function isName(node: SqlNode | undefined): node is SqlToken {
  return node?.kind === 'word' || node?.kind === 'quoted'
}

/** `(select …)` or `(with …)`. */
export function isSelect(node: SqlNode | undefined): boolean {
  return node?.kind === 'group' && isWord(node.items[0], 'select', 'with')
}

/** Splits at a word of this level: `and`, `or`. An expression in parentheses of its own is opened first. */
export function splitAt(nodes: readonly SqlNode[], word: string): SqlNode[][] {
  const [only] = nodes
  if (nodes.length === 1 && only?.kind === 'group' && !isSelect(only)) return splitAt(only.items, word)
  const parts: SqlNode[][] = [[]]
  for (const node of nodes) {
    if (isWord(node, word)) parts.push([])
    else parts.at(-1)?.push(node)
  }
  return parts.length > 1 ? parts.flatMap(part => splitAt(part, word)) : parts
}

export interface SqlCall {
  schema: string | undefined
  name: string
  args: SqlNode[]
  /** Inside a `(select …)` without a FROM: evaluated once for the statement. */
  once: boolean
  /** Stands in a FROM list: evaluated once for the scan. */
  source: boolean
}

const NOT_CALLS = new Set([
  ...[
    'and',
    'or',
    'not',
    'in',
    'any',
    'all',
    'some',
    'exists',
    'array',
    'select',
    'where',
    'on',
    'using',
    'when',
    'as',
  ],
  ...[
    'then',
    'else',
    'case',
    'from',
    'values',
    'row',
    'union',
    'having',
    'by',
    'limit',
    'over',
    'filter',
    'is',
    'coalesce',
  ],
  ...[
    'join',
    'between',
    'like',
    'ilike',
    'returning',
    'with',
    'cast',
    'nullif',
    'greatest',
    'least',
    'varchar',
    'numeric',
  ],
])

/** All function calls of an expression, sub-selects included. */
export function callsIn(nodes: readonly SqlNode[], once = false): SqlCall[] {
  const out: SqlCall[] = []
  nodes.forEach((node, at) => {
    if (node.kind !== 'group') return
    const before = nodes[at - 1]
    const wraps = isSelect(node) && !node.items.some(item => isWord(item, 'from')) && !isWord(before, 'exists')
    const qualified = isPunct(nodes[at - 2], '.') ? nodes[at - 3] : undefined
    if (isName(before) && (qualified || before.kind === 'quoted' || !NOT_CALLS.has(before.text))) {
      const start = qualified ? at - 4 : at - 2
      const isCast = isPunct(nodes[start], '::')
      if (!isCast)
        out.push({
          schema: isName(qualified) ? qualified.text : undefined,
          name: before.text,
          args: node.items,
          once,
          source: isWord(nodes[start], 'from', 'join', 'lateral'),
        })
    }
    out.push(...callsIn(node.items, once || wraps))
  })
  return out
}

export interface SqlColumn {
  /** Table or alias before the dot. */
  qualifier: string | undefined
  name: string
}

/** The nodes are one column and nothing else: no cast, no call. */
export function asColumn(nodes: readonly SqlNode[]): SqlColumn | undefined {
  const [only] = nodes
  if (nodes.length === 1 && only?.kind === 'group' && !isSelect(only)) return asColumn(only.items)
  const names = nodes.filter((_, at) => at % 2 === 0)
  if (nodes.length % 2 === 0 || nodes.length > 5 || !names.every(isName)) return undefined
  if (!nodes.every((node, at) => at % 2 === 0 || isPunct(node, '.'))) return undefined
  const last = names.at(-1) as SqlToken
  if (last.kind === 'word' && /^(true|false|null|current_\w+|session_user|user)$/.test(last.text)) return undefined
  return { qualifier: (names.at(-2) as SqlToken | undefined)?.text, name: last.text }
}

export interface SqlComparison {
  column: SqlColumn
  /** The other side of `=`, or what stands in `any(…)` or `in (…)`. */
  other: SqlNode[]
  operator: '=' | 'any' | 'in'
}

/** `column = …`, `… = column`, `column = any (…)`, `column in (…)`: what a conjunct compares, both ways round. */
export function comparisonsOf(conjunct: readonly SqlNode[]): SqlComparison[] {
  const [only] = conjunct
  if (conjunct.length === 1 && only?.kind === 'group' && !isSelect(only)) return comparisonsOf(only.items)
  if (conjunct.some(node => isWord(node, 'or', 'and', 'not', 'case', 'between'))) return []
  const equals = conjunct.findIndex(node => isPunct(node, '='))
  if (equals > 0) {
    const left = conjunct.slice(0, equals)
    const right = conjunct.slice(equals + 1)
    if (isWord(right[0], 'any') && right[1]?.kind === 'group' && right.length === 2) {
      const column = asColumn(left)
      return column ? [{ column, other: right[1].items, operator: 'any' }] : []
    }
    const sides = [
      { column: asColumn(left), other: right },
      { column: asColumn(right), other: left },
    ]
    return sides.flatMap(({ column, other }) => (column ? [{ column, other, operator: '=' as const }] : []))
  }
  const list = conjunct.at(-1)
  if (list?.kind !== 'group' || !isWord(conjunct.at(-2), 'in') || isWord(conjunct.at(-3), 'not')) return []
  const column = asColumn(conjunct.slice(0, -2))
  return column ? [{ column, other: [list], operator: 'in' }] : []
}

export interface SqlSource {
  schema: string | undefined
  table: string
  /** Alias, or the table's own name. */
  name: string
}

export interface SqlSelect {
  sources: SqlSource[]
  /** Conditions of WHERE and ON that must all hold. */
  conditions: SqlNode[][]
  /** Sub-selects that contain this one, outermost first. */
  around: SqlSelect[]
}

const AFTER_FROM = [
  'where',
  'group',
  'order',
  'limit',
  'having',
  'union',
  'intersect',
  'except',
  'offset',
  'fetch',
  'for',
]
const JOINS = ['join', 'inner', 'left', 'right', 'full', 'cross', 'outer', 'natural']

/** Every SELECT with a FROM, however deep. */
export function selectsIn(nodes: readonly SqlNode[], around: SqlSelect[] = []): SqlSelect[] {
  const out: SqlSelect[] = []
  const own = isWord(nodes[0], 'select') ? readSelect(nodes, around) : undefined
  if (own) out.push(own)
  const inside = own ? [...around, own] : around
  for (const node of nodes) if (node.kind === 'group') out.push(...selectsIn(node.items, inside))
  return out
}

function readSelect(nodes: readonly SqlNode[], around: SqlSelect[]): SqlSelect | undefined {
  const from = nodes.findIndex(node => isWord(node, 'from'))
  if (from < 0) return undefined
  const select: SqlSelect = { sources: [], conditions: [], around }
  let at = from + 1
  let expectsTable = true
  while (at < nodes.length && !isWord(nodes[at], ...AFTER_FROM)) {
    const node = nodes[at]
    if (isPunct(node, ',') || isWord(node, 'join')) expectsTable = true
    else if (isWord(node, 'on')) {
      const end = nodes.findIndex((n, i) => i > at && (isWord(n, ...JOINS, ...AFTER_FROM) || isPunct(n, ',')))
      select.conditions.push(...splitAt(nodes.slice(at + 1, end < 0 ? undefined : end), 'and'))
      at = (end < 0 ? nodes.length : end) - 1
    } else if (expectsTable && isName(node) && !isWord(node, 'only', 'lateral', ...JOINS)) {
      const read = readSource(nodes, at)
      if (read.source) select.sources.push(read.source)
      at = read.next - 1
      expectsTable = false
    }
    at += 1
  }
  const where = nodes.findIndex((node, i) => i > from && isWord(node, 'where'))
  if (where > 0) {
    const end = nodes.findIndex((n, i) => i > where && isWord(n, ...AFTER_FROM))
    select.conditions.push(...splitAt(nodes.slice(where + 1, end < 0 ? undefined : end), 'and'))
  }
  return select
}

function readSource(nodes: readonly SqlNode[], start: number): { source: SqlSource | undefined; next: number } {
  const names = [nodes[start] as SqlToken]
  let at = start + 1
  while (isPunct(nodes[at], '.') && isName(nodes[at + 1])) {
    names.push(nodes[at + 1] as SqlToken)
    at += 2
  }
  const isFunction = nodes[at]?.kind === 'group'
  if (isFunction) at += 1
  if (isWord(nodes[at], 'as')) at += 1
  const alias = nodes[at]
  const hasAlias = isName(alias) && !isWord(alias, 'on', 'using', ...JOINS, ...AFTER_FROM)
  if (hasAlias) at += 1
  const table = (names.at(-1) as SqlToken).text
  if (isFunction) return { source: undefined, next: at }
  return { source: { schema: names.at(-2)?.text, table, name: hasAlias ? alias.text : table }, next: at }
}

/** The query of a view's definition, with or without CREATE … AS before it. */
export function queryOf(definition: string): SqlNode[] {
  const tree = sqlTree(definition)
  const start = tree.findIndex(node => isWord(node, 'select', 'with'))
  return tree.slice(Math.max(0, start))
}
