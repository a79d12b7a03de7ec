import type { DataAccess } from '../../../tools/code/model.ts'
import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { changeFor } from '../../fixes/change.ts'
import {
  applyEdits,
  type Edit,
  importEdit,
  indentAt,
  newlineOf,
  openScript,
  type Script,
  ts,
} from '../../fixes/script.ts'
import { whyAllRows } from '../../fixes/uses.ts'
import type { FixInput } from '../../playbook.ts'

/**
 * Rows that a list may have where the app names no number of its own: more than a page shows, and a fifth of what the Data API lets
 * through (1,000). Where new rows come last, they are the ones that a limit cuts off, so that it is further away.
 */
const CAP = 200
const CAP_NEWEST_LAST = 500

/** Methods of supabase-js's builder that leave the rows many. */
const FILTERS =
  /^(eq|neq|gt|gte|lt|lte|like|ilike|is|in|contains|containedBy|overlaps|textSearch|match|not|or|filter|order|returns|overrideTypes|throwOnError|select|abortSignal|likeAllOf|likeAnyOf|ilikeAllOf|ilikeAnyOf)$/

/** Caps a sorted list of supabase-js that is only shown. The type of what is returned stays the same. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const { file, line } = finding.location
  const access = input.code.accesses.find(
    a => a.file === file && a.line === line && a.operation === 'select' && a.table !== null,
  )
  if (!access) return { declined: 'the query is not known any more' }
  if (access.client !== 'supabase-js')
    return { declined: `only queries of supabase-js are capped, this one is of ${access.client}` }
  const script = openScript(file, input.source(file))
  if (!script) return { declined: `${file} cannot be read` }
  const query = queryAt(script, access)
  if (typeof query === 'string') return { declined: query }
  if (!query.order) return { declined: 'the rows have no order: which of them a limit would keep is left to chance' }
  const needed = whyAllRows(input, script, query.rows)
  if (needed) return { declined: `the caller may need all rows: ${needed}` }
  return capped(finding, input, access, script, query)
}

interface Query {
  /** The awaited (or handed on) expression. */
  rows: ts.Expression
  /** The last call of `order`. */
  order: ts.CallExpression | undefined
  /** Where `.limit(…)` is put: the end of this expression. */
  end: ts.Expression
}

/** The query that starts on the line, or why it cannot be capped in place. */
function queryAt(script: Script, { line, table }: DataAccess): Query | string {
  const starts = fromCalls(script, line).filter(
    call => ts.isStringLiteralLike(call.arguments[0]!) && call.arguments[0].text === table,
  )
  const [start] = starts
  if (!start || starts.length > 1) return 'the query does not start with a plain from() on this line'
  const chain = chainOf(start)
  const odd = chain.calls.find(call => !FILTERS.test(methodOf(call)))
  if (odd) return `${methodOf(odd)}() is part of the query`
  const order = chain.calls.findLast(call => methodOf(call) === 'order')
  const { parent } = chain.end
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name))
    return { rows: chain.end, order, end: order ?? chain.end }
  return assembled(script, parent.name, order)
}

function fromCalls({ source }: Script, line: number): ts.CallExpression[] {
  const found: ts.CallExpression[] = []
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'from' &&
      node.arguments.length === 1
    ) {
      const at = source.getLineAndCharacterOfPosition(node.expression.name.getStart(source)).line + 1
      if (at === line || source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 === line) found.push(node)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function methodOf(call: ts.CallExpression): string {
  return (call.expression as ts.PropertyAccessExpression).name.text
}

/** The calls behind an expression: `.select(…).eq(…)`. */
function chainOf(start: ts.Expression): { calls: ts.CallExpression[]; end: ts.Expression } {
  const calls: ts.CallExpression[] = []
  let end = start
  while (ts.isPropertyAccessExpression(end.parent) && end.parent.expression === end) {
    const call = end.parent.parent
    if (!ts.isCallExpression(call) || call.expression !== end.parent) break
    calls.push(call)
    end = call
  }
  return { calls, end }
}

/** `let query = …; if (x) query = query.eq(…); const { data } = await query`: capped where it is awaited, once. */
function assembled(script: Script, name: ts.Identifier, first: ts.CallExpression | undefined): Query | string {
  let order = first
  let awaited: ts.Expression | undefined
  let odd: string | undefined
  const scope = enclosing(name)
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && !isLeftSide(node)) {
      const chain = chainOf(node)
      const unusual = chain.calls.find(call => !FILTERS.test(methodOf(call)))
      if (unusual) odd ??= `${methodOf(unusual)}() is part of the query`
      order = chain.calls.findLast(call => methodOf(call) === 'order') ?? order
      const { parent } = chain.end
      if (ts.isAwaitExpression(parent) && awaited === undefined) awaited = chain.end
      else if (
        !(
          ts.isBinaryExpression(parent) &&
          parent.right === chain.end &&
          parent.left.getText(script.source) === name.text
        )
      )
        odd ??= 'the query is assembled in a way that is not understood'
    }
    ts.forEachChild(node, visit)
  }
  visit(scope)
  if (odd) return odd
  return awaited ? { rows: awaited, order, end: awaited } : 'the query is handed on before it is sent'
}

function enclosing(node: ts.Node): ts.Node {
  let scope = node.parent
  while (!ts.isFunctionLike(scope) && !ts.isSourceFile(scope)) scope = scope.parent
  return scope
}

function isLeftSide(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node.parent) &&
    node.parent.left === node &&
    node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  )
}

function capped(
  finding: Finding,
  input: FixInput,
  access: DataAccess,
  script: Script,
  { end, order }: Query,
): FixOutcome {
  const newestLast = order !== undefined && isOldestFirst(order)
  const own = ownCap(input, script)
  const rows = own?.value ?? (newestLast ? CAP_NEWEST_LAST : CAP)
  const edits: Edit[] = [{ start: end.end, end: end.end, text: `${between(script, end)}.limit(${own?.name ?? rows})` }]
  if (own?.edit) edits.push(own.edit)
  const table = access.table ?? ''
  const filter = access.shapes[0]?.filters.find(f => f.op === 'eq' && f.column !== null && !f.constant)?.column
  const longest = filter
    ? `select ${filter}, count(*) from ${table} group by 1 having count(*) > ${rows}`
    : `select count(*) from ${table}`
  return changeFor(finding, {
    object: `${access.file} ${table} ${ownerName(end)}`,
    title: titleFor(rows, table, ownerName(end)),
    what: `Adds \`.limit(${own?.name ?? rows})\` to the list of \`${table}\` (\`${access.file}:${access.line}\`). Its type, its order and its first rows stay the same; ${own ? `the number is the app's own \`${own.name}\`` : 'the app names no number of its own for such lists'}.`,
    files: { [script.path]: applyEdits(script.text, edits) },
    security:
      'A limit removes no filter: who may see which rows stays with the filters and policies, which are not touched.',
    verify: [
      'the list shows the same first rows in the same order',
      `\`explain\` of the query shows a Limit node`,
      `\`${longest}\` says which lists are longer than that today`,
    ],
    notVerified: [
      `How long the lists are today. What lies behind row ${rows} is not shown any more${newestLast ? ', and with this order that is the newest' : ''}; before, the Data API cut it off at 1,000 without a word. Lists that get longer need pages.`,
    ],
  })
}

/** The function's name only where there is room for it. */
function titleFor(rows: number, table: string, owner: string): string {
  const title = `Read at most ${rows} rows of ${table}`
  const whole = `${title} in ${owner}()`
  return owner !== '' && whole.length <= 72 ? whole : title
}

/** `order('created_at')`: new rows come last. */
function isOldestFirst(order: ts.CallExpression): boolean {
  const [column, options] = order.arguments
  const time = column !== undefined && ts.isStringLiteralLike(column) && /(_at|At|date|time|^id)$/.test(column.text)
  return time && !/ascending\s*:\s*false/.test(options?.getText() ?? '')
}

/** What stands before each method of a chain that is written over several lines. */
function between({ text, source }: Script, end: ts.Expression): string {
  if (!ts.isCallExpression(end) || !ts.isPropertyAccessExpression(end.expression)) return ''
  const dot = end.expression.name.getStart(source) - 1
  const before = text.slice(end.expression.expression.end, dot)
  return before.includes('\n') ? `${newlineOf(text)}${indentAt(text, dot)}` : ''
}

function ownerName(node: ts.Node): string {
  for (let owner: ts.Node | undefined = node; owner && !ts.isSourceFile(owner); owner = owner.parent) {
    if (ts.isFunctionDeclaration(owner) && owner.name) return owner.name.text
    if (
      ts.isVariableDeclaration(owner) &&
      ts.isIdentifier(owner.name) &&
      owner.initializer &&
      ts.isArrowFunction(owner.initializer)
    )
      return owner.name.text
  }
  return ''
}

/** A number that the app keeps for the length of lists. */
const CAP_NAME = /^(MAX|LIST|DEFAULT)_([A-Z_]+_)?(ROWS|ITEMS|RESULTS|LIMIT|LIST_SIZE|LIST_LENGTH)$/

/** The constant of the same file, or one that an alias import of this very file shows how to reach. */
function ownCap(input: FixInput, script: Script): { name: string; value: number; edit?: Edit } | undefined {
  for (const statement of script.source.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name) || !CAP_NAME.test(name.text) || !initializer || !ts.isNumericLiteral(initializer))
        continue
      const value = Number(initializer.text.replaceAll('_', ''))
      if (value >= 50 && value <= 1000) return { name: name.text, value }
    }
  }
  return importedCap(input, script)
}

function importedCap(input: FixInput, script: Script): { name: string; value: number; edit?: Edit } | undefined {
  for (const statement of script.source.statements) {
    if (!ts.isImportDeclaration(statement)) continue
    const module = (statement.moduleSpecifier as ts.StringLiteral).text
    const tail = module
      .replace(/^[@~./]+/, '')
      .replace(/^[^/]*\//, match => (module.startsWith('@/') || module.startsWith('~/') ? match : ''))
    const path = input.files.find(file => file.replace(/(\/index)?\.[a-z]+$/, '').endsWith(tail) && tail.length > 3)
    const text = path === undefined ? undefined : input.source(path)
    const found =
      text && [...text.matchAll(/^export const ([A-Z_]+) = (\d[\d_]*);?\s*$/gm)].find(match => CAP_NAME.test(match[1]!))
    if (!found) continue
    const value = Number(found[2]!.replaceAll('_', ''))
    const edit = importEdit(script, found[1]!, module)
    if (edit === 'taken' || value < 50 || value > 1000) continue
    return { name: found[1]!, value, ...(edit ? { edit } : {}) }
  }
  return undefined
}
