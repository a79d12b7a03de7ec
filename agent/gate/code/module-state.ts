import type { ts as Typescript } from 'ts-morph'
import type { Feature } from './features.ts'

type TS = typeof Typescript
type Node = Typescript.Node

/** Code in which somebody is known. */
const PERSONAL =
  /\b(getUser|getClaims|getSession|requireUser|requireAuth|currentUser|getCurrentUser|getServerSession|cookies)\s*\(|\buser\.id\b|\buserId\b|\bauth\(\)/
/** Keys that tell callers apart. */
const KEYED = /user|uid|\bsub\b|session|email|account|tenant|org|team|member|owner|token|claims/i
/** Counters are kept for everybody on purpose. */
const COUNTER = /limit|hits|attempt|bucket|request|counter|window|inflight|in_?flight|pending/i

/**
 * Variables of a module that functions write to while they know a user: they outlive the request and are shared by all callers of the
 * instance. Keyed by the user they are fine.
 */
export function moduleState(ts: TS, source: Typescript.SourceFile): Feature[] {
  const names = new Set<string>()
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue
    const isLet = (statement.declarationList.flags & ts.NodeFlags.Let) !== 0
    for (const declaration of statement.declarationList.declarations)
      if (
        ts.isIdentifier(declaration.name) &&
        (isLet || (declaration.initializer && isContainer(ts, declaration.initializer)))
      )
        names.add(declaration.name.text)
  }
  const out: Feature[] = []
  const visit = (node: Node): void => {
    const write = writeOf(ts, node)
    if (write && (names.has(write.name) || /^globalThis\b|^global\b/.test(write.name)) && !COUNTER.test(write.name)) {
      const fn = outermost(ts, node)
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
      if (
        fn &&
        PERSONAL.test(fn.getText()) &&
        !(write.key && KEYED.test(meaning(ts, write.key, fn))) &&
        !isClient(write.value)
      )
        out.push({
          kind: 'module-state',
          text: `${write.name}${write.key ? ` under ${write.key}` : ''} kept for all callers, written where a user is known`,
          line,
        })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return out
}

function isContainer(ts: TS, node: Typescript.Expression): boolean {
  if (ts.isNewExpression(node))
    return /^(Map|WeakMap|Set|LRUCache|LRU|QuickLRU|TTLCache|NodeCache|Cache)$/.test(node.expression.getText())
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return isContainer(ts, node.expression)
  return (
    (ts.isObjectLiteralExpression(node) && node.properties.length === 0) ||
    (ts.isArrayLiteralExpression(node) && node.elements.length === 0)
  )
}

interface Write {
  name: string
  key?: string
  value: string
}

function writeOf(ts: TS, node: Node): Write | undefined {
  if (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    ts.isIdentifier(node.expression.expression)
  ) {
    const [name, method] = [node.expression.expression.text, node.expression.name.text]
    if (method === 'set' && node.arguments.length >= 2)
      return { name, key: node.arguments[0]!.getText(), value: node.arguments[1]!.getText() }
    if (method === 'push' || method === 'add') return { name, value: node.arguments[0]?.getText() ?? '' }
  }
  if (
    !ts.isBinaryExpression(node) ||
    ![ts.SyntaxKind.EqualsToken, ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.BarBarEqualsToken].includes(
      node.operatorToken.kind,
    )
  )
    return undefined
  const value = node.right.getText()
  if (ts.isIdentifier(node.left)) return { name: node.left.text, value }
  if (ts.isElementAccessExpression(node.left) && ts.isIdentifier(node.left.expression))
    return { name: node.left.expression.text, key: node.left.argumentExpression.getText(), value }
  if (ts.isPropertyAccessExpression(node.left) && ts.isIdentifier(node.left.expression))
    return { name: node.left.expression.text, value }
  return undefined
}

/** Clients and pools are made once on purpose. */
function isClient(value: string): boolean {
  // With cookies it is somebody's.
  if (/cookies|createServerClient|createRouteHandlerClient|createServerComponentClient|headers\b/.test(value))
    return false
  return /^(null|undefined|false|true|0)$|^(await\s+)?(new \w*(Client|Pool|Redis|Ratelimit|Stripe|Resend|OpenAI|PrismaClient)\b|create\w*(Client|Pool)\(|Redis\.|drizzle\(|postgres\()/.test(
    value,
  )
}

/** A key that is a variable, with what it was made of. */
function meaning(ts: TS, key: string, fn: Node): string {
  const out = [key]
  const visit = (node: Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === key && node.initializer)
      out.push(node.initializer.getText())
    ts.forEachChild(node, visit)
  }
  visit(fn)
  return out.join(' ')
}

function outermost(ts: TS, node: Node): Node | undefined {
  let found: Node | undefined
  for (let at: Node | undefined = node.parent; at; at = at.parent)
    if (
      ts.isFunctionDeclaration(at) ||
      ts.isArrowFunction(at) ||
      ts.isFunctionExpression(at) ||
      ts.isMethodDeclaration(at)
    )
      found = at
  return found
}
