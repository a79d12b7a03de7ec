import type { ts as Typescript } from 'ts-morph'
import type { GateReason } from '../verdict.ts'
import { guardEnds, guardKinds } from './features.ts'
import { functionName } from './schemas.ts'
import type { CodeFile } from './text-rules.ts'

type TS = typeof Typescript
type Node = Typescript.Node

interface Guard {
  fn: string
  file: string
  line: number
  kinds: string[]
  text: string
  /** Alternatives, each with its conditions: it stops when all conditions of one of them hold. */
  alternatives: string[][]
}

const RULES: Record<string, string> = {
  auth: 'auth-check-lost',
  role: 'role-check-lost',
  owner: 'ownership-lost',
  secret: 'signature-check-lost',
  limit: 'rate-limit-lost',
  input: 'validation-lost',
}

/** Guards that are still there, but stop less: a condition more, an alternative less, another number. */
export async function weakenedGuards(files: readonly CodeFile[]): Promise<GateReason[]> {
  const { ts } = await import('ts-morph')
  const out: GateReason[] = []
  for (const file of files) {
    if (file.before === undefined || file.after === undefined) continue
    const then = guardsIn(ts, file.path, file.before)
    const now = guardsIn(ts, file.path, file.after)
    const count = (guards: Guard[], one: Guard) =>
      guards.filter(guard => guard.text === one.text && guard.fn === one.fn).length
    const left = now.filter(guard => count(now, guard) > count(then, guard))
    for (const was of then) {
      if (was.kinds.length === 0 || count(now, was) >= count(then, was)) continue
      const is =
        left.find(guard => guard.fn === was.fn && weakens(was, guard)) ?? left.find(guard => weakens(was, guard))
      if (!is) continue
      out.push({
        rule: RULES[was.kinds[0]!] ?? 'validation-lost',
        object: `${file.path} ${is.fn}`,
        evidence: `stops when ${was.text} → when ${is.text}`.slice(0, 300),
        file: file.path,
        line: is.line,
      })
    }
  }
  return out
}

function weakens(was: Guard, is: Guard): boolean {
  const covers = (conditions: string[]) =>
    is.alternatives.some(other => other.every(condition => conditions.includes(condition)))
  const related = (conditions: string[]) =>
    is.alternatives.some(other => other.some(condition => conditions.includes(condition)))
  const lost = was.alternatives.filter(conditions => !covers(conditions))
  if (lost.length === 0) return false
  if (lost.some(related)) return true
  // One alternative less, the others as they were.
  if (lost.length < was.alternatives.length && is.alternatives.length < was.alternatives.length) return true
  return (
    was.alternatives.length === is.alternatives.length &&
    was.alternatives.some((conditions, i) => otherOperator(conditions.join(' && '), is.alternatives[i]!.join(' && ')))
  )
}

/** The same but for a number or the direction of a comparison. */
function otherOperator(a: string, b: string): boolean {
  if (a === b) return false
  const shape = (text: string) =>
    text
      .replace(/\b\d[\d_]*(\.\d+)?\b/g, '0')
      .replace(/===|!==|==|!=|<=|>=|<|>/g, '?')
      .replace(/^!+\(?|\)$/g, '')
  return shape(a) === shape(b) && /[<>=!]|\d/.test(a)
}

function guardsIn(ts: TS, path: string, text: string): Guard[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const out: Guard[] = []
  const visit = (node: Node): void => {
    if (ts.isIfStatement(node) && guardEnds(ts, node)) {
      const condition = plain(node.expression)
      out.push({
        fn: functionName(ts, node),
        file: path,
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
        kinds: guardKinds(node.expression.getText(), node.thenStatement.getText()).filter(one => one !== 'error'),
        text: condition,
        alternatives: alternativesOf(ts, node.expression),
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return out
}

const plain = (node: Node) => node.getText().replace(/\s+/g, ' ').replace(/"/g, "'")

/** A condition as alternatives of conditions: `(a || b) && c` is `a && c || b && c`. */
function alternativesOf(ts: TS, node: Typescript.Expression): string[][] {
  if (ts.isParenthesizedExpression(node)) return alternativesOf(ts, node.expression)
  if (!ts.isBinaryExpression(node)) return [[plain(node)]]
  const operator = node.operatorToken.kind
  if (operator !== ts.SyntaxKind.BarBarToken && operator !== ts.SyntaxKind.AmpersandAmpersandToken)
    return [[plain(node)]]
  const [left, right] = [alternativesOf(ts, node.left), alternativesOf(ts, node.right)]
  if (operator === ts.SyntaxKind.BarBarToken) return [...left, ...right]
  // Beyond that nobody reads it; it is then compared as one text.
  if (left.length * right.length > 32) return [[plain(node)]]
  return left.flatMap(a => right.map(b => [...a, ...b]))
}
