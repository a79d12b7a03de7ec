import type { ts as Typescript } from 'ts-morph'
import type { GateReason } from '../verdict.ts'
import type { CodeFile } from './text-rules.ts'

type TS = typeof Typescript
type Node = Typescript.Node

/** One value in a schema: where it stands ("orderSchema.quantity"), what it is, and what is asked of it. */
interface Entry {
  key: string
  type: string
  /** Name of the check → its arguments. */
  checks: Map<string, string>
  file: string
  line: number
}

const LIBRARY = /^(z|zod|yup|Yup|Joi|joi)$/
const LIMITS_ABOVE = new Set(['max', 'lt', 'lte', 'maxLength', 'length', 'maxSize'])
const LIMITS_BELOW = new Set(['min', 'gt', 'gte', 'minLength', 'minSize', 'multipleOf', 'nonempty'])
/** `z.email()` is `z.string().email()`. */
const STRING_FORMATS = new Set([
  'email',
  'url',
  'uuid',
  'guid',
  'cuid',
  'cuid2',
  'ulid',
  'nanoid',
  'datetime',
  'ipv4',
  'ipv6',
  'base64',
  'jwt',
  'emoji',
])
const CHECKS = new Set([
  ...LIMITS_ABOVE,
  ...LIMITS_BELOW,
  ...STRING_FORMATS,
  'regex',
  'matches',
  'pattern',
  'int',
  'integer',
  'positive',
  'nonnegative',
  'negative',
  'nonpositive',
  'finite',
  'safe',
  'startsWith',
  'endsWith',
  'includes',
  'date',
  'time',
  'ip',
  'cidr',
  'refine',
  'superRefine',
  'check',
  'strict',
  'noUnknown',
  'oneOf',
  'valid',
  'required',
  'brand',
  'test',
  'mime',
])
const LOOSENING = new Set([
  'optional',
  'nullable',
  'nullish',
  'catch',
  'partial',
  'deepPartial',
  'passthrough',
  'loose',
  'catchall',
  'unknown',
  'or',
  'notRequired',
  'exactOptional',
])

/** Schemas of the same name, value by value: what is asked afterwards must not be less. */
export async function schemaReasons(files: readonly CodeFile[]): Promise<GateReason[]> {
  const { ts } = await import('ts-morph')
  const read = (side: 'before' | 'after') =>
    files.flatMap(file => (file[side] === undefined ? [] : entriesOf(ts, file.path, file[side])))
  const [then, now] = [read('before'), read('after')]
  const out: GateReason[] = []
  for (const was of then) {
    const is =
      now.find(entry => entry.key === was.key && entry.file === was.file) ?? now.find(entry => entry.key === was.key)
    const root = was.key.split('.')[0]!
    if (is === undefined) {
      const moved = !now.some(entry => entry.key.split('.')[0] === root)
      if (!moved) out.push(reason(was, 'asked for → no longer in the schema'))
    } else {
      const weaker = weakerIn(was, is)
      if (weaker) out.push({ ...reason(is, weaker), object: `${is.file}: ${was.key}` })
    }
  }
  return out
}

function reason(entry: Entry, evidence: string): GateReason {
  return {
    rule: 'validation-loosened',
    object: `${entry.file}: ${entry.key}`,
    evidence,
    file: entry.file,
    line: entry.line,
  }
}

function weakerIn(was: Entry, is: Entry): string | undefined {
  if (was.type !== is.type && !narrows(was, is)) return `${was.type} → ${is.type}`
  for (const name of LOOSENING) if (is.checks.has(name) && !was.checks.has(name)) return `→ ${name}`
  for (const [name, argument] of was.checks) {
    if (!CHECKS.has(name)) continue
    const now = is.checks.get(name)
    if (now === undefined) {
      if (impliedBy(name, is)) continue
      return `${name}(${argument.slice(0, 60)}) → gone`
    }
    if (now === argument) continue
    const [from, to] = [
      Number(argument.split(',')[0]!.replaceAll('_', '')),
      Number(now.split(',')[0]!.replaceAll('_', '')),
    ]
    if (LIMITS_ABOVE.has(name) && to <= from && name !== 'length') continue
    if (LIMITS_BELOW.has(name) && to >= from) continue
    if (sameArgument(argument, now)) continue
    return `${name}(${argument.slice(0, 60)}) → ${name}(${now.slice(0, 60)})`
  }
  return undefined
}

/** Only a message differs. */
function sameArgument(a: string, b: string): boolean {
  const plain = (text: string) =>
    text.replace(/,?\s*(\{\s*(message|error|path)[^}]*\}|'[^']*'|"[^"]*")\s*$/, '').replace(/^['"].*['"]$/, '')
  return plain(a) === plain(b)
}

function impliedBy(name: string, is: Entry): boolean {
  const { checks } = is
  if (name === 'positive' || name === 'nonnegative')
    return (
      checks.has('positive') ||
      Number(checks.get('min')) >= (name === 'positive' ? 1 : 0) ||
      Number(checks.get('gt')) >= 0
    )
  if (name === 'nonempty' || name === 'min') return checks.has('length') || checks.has('uuid') || checks.has('nonempty')
  if (name === 'strict' || name === 'safe' || name === 'finite') return is.type === 'strictObject' || checks.has('int')
  return STRING_FORMATS.has(name) && checks.has('uuid') && name === 'guid'
}

function narrows(was: Entry, is: Entry): boolean {
  if (was.type.startsWith('enum:') && is.type.startsWith('enum:')) {
    const known = was.type.slice(5).split('|')
    return is.type
      .slice(5)
      .split('|')
      .every(value => known.includes(value))
  }
  if (was.type === 'any' || was.type === 'unknown') return true
  if (was.type === 'string' && (is.type.startsWith('enum:') || is.type.startsWith('literal'))) return true
  if (was.type === 'object' && is.type === 'strictObject') return true
  return was.type.replace(/^coerce\./, '') === is.type.replace(/^coerce\./, '')
}

function entriesOf(ts: TS, file: string, text: string): Entry[] {
  if (!/\b(zod|yup|joi|Joi)\b/.test(text) && !/\bz\./.test(text)) return []
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind)
  const out: Entry[] = []
  const add = (key: string, node: Node): void => {
    const chain = chainOf(ts, node)
    if (!chain) return
    out.push({
      key,
      type: chain.type,
      checks: chain.checks,
      file,
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
    })
    if (chain.shape)
      for (const property of chain.shape.properties)
        if (ts.isPropertyAssignment(property))
          add(`${key}.${property.name.getText().replace(/['"]/g, '')}`, property.initializer)
    if (chain.inner) add(`${key}[]`, chain.inner)
  }
  const visit = (node: Node): void => {
    if (
      ts.isVariableDeclaration(node) &&
      node.initializer &&
      ts.isIdentifier(node.name) &&
      chainOf(ts, node.initializer)
    ) {
      add(node.name.text, node.initializer)
      return
    }
    // A schema on the spot is named by the function that uses it.
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      /^(safeParse|parse|safeParseAsync|parseAsync)$/.test(node.expression.name.text) &&
      chainOf(ts, node.expression.expression)
    ) {
      add(`in ${functionName(ts, node)}`, node.expression.expression)
      return
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return out
}

/** Name of the innermost named function around a node; a wrapped one is called like the constant that holds it. */
export function functionName(ts: TS, node: Node): string {
  for (let at: Node | undefined = node.parent; at; at = at.parent) {
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name) return at.name.getText()
    if (ts.isFunctionDeclaration(at)) return 'default'
    if (!ts.isArrowFunction(at) && !ts.isFunctionExpression(at)) continue
    if (ts.isVariableDeclaration(at.parent)) return at.parent.name.getText()
    // `export const POST = withUser(async request => …)`, at the top of the module.
    let outer: Node = at.parent
    while (ts.isCallExpression(outer) || ts.isPropertyAccessExpression(outer)) outer = outer.parent
    if (ts.isVariableDeclaration(outer) && ts.isSourceFile(outer.parent.parent.parent)) return outer.name.getText()
    if (ts.isExportAssignment(outer)) return 'default'
  }
  return '(module)'
}

const textOf = (node: Node) => node.getText().replace(/\s+/g, ' ').replace(/"/g, "'")

interface Chain {
  type: string
  checks: Map<string, string>
  shape?: Typescript.ObjectLiteralExpression
  inner?: Node
}

/** `z.string().max(10)` from its end to its root; undefined for anything that is no schema. */
function chainOf(ts: TS, node: Node): Chain | undefined {
  const calls: { name: string; args: readonly Typescript.Expression[] }[] = []
  let at: Node = node
  for (;;) {
    if (ts.isParenthesizedExpression(at)) at = at.expression
    else if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
      calls.unshift({ name: at.expression.name.text, args: at.arguments })
      at = at.expression.expression
    } else if (ts.isPropertyAccessExpression(at)) {
      calls.unshift({ name: `${at.name.text}.`, args: [] })
      at = at.expression
    } else break
  }
  if (!ts.isIdentifier(at) || !LIBRARY.test(at.text) || calls.length === 0) return undefined
  const coerce = calls[0]!.name === 'coerce.'
  const [first, ...rest] = coerce ? calls.slice(1) : calls
  if (!first) return undefined
  const checks = new Map<string, string>()
  for (const call of rest)
    checks.set(
      call.name,
      [...(checks.has(call.name) ? [checks.get(call.name)!] : []), call.args.map(textOf).join(', ')].join('; '),
    )
  let type = `${coerce ? 'coerce.' : ''}${first.name}`
  if (STRING_FORMATS.has(first.name)) {
    type = 'string'
    checks.set(first.name, '')
  }
  if (first.name === 'int') {
    type = 'number'
    checks.set('int', '')
  }
  const argument = first.args[0]
  if ((first.name === 'enum' || first.name === 'nativeEnum') && argument)
    type = `enum:${
      ts.isArrayLiteralExpression(argument) ? argument.elements.map(textOf).sort().join('|') : argument.getText()
    }`
  if (first.name === 'literal' && argument) type = `literal ${textOf(argument)}`
  const shape =
    /^(object|strictObject|looseObject)$/.test(first.name) && argument && ts.isObjectLiteralExpression(argument)
      ? argument
      : undefined
  const inner = first.name === 'array' || first.name === 'optional' || first.name === 'nullable' ? argument : undefined
  return { type, checks, ...(shape && { shape }), ...(inner && { inner }) }
}
