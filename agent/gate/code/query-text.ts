import type { ts as Typescript } from 'ts-morph'

type TS = typeof Typescript
type Node = Typescript.Node

const FILTERS =
  /^(eq|neq|gt|gte|lt|lte|like|ilike|is|in|contains|containedBy|overlaps|textSearch|filter|not|or|match|where)$/
const WRITE = /^(insert|update|upsert|delete)$/

/** "table|operation|columns": the chain that a `.from(…)` begins, and what is added to the variable that holds it. */
export function queryText(ts: TS, from: Node, table: Typescript.Expression): string {
  const columns = new Set<string>()
  let operation = 'select'
  const take = (call: Typescript.CallExpression, name: string): void => {
    if (WRITE.test(name)) operation = name
    if (!FILTERS.test(name)) return
    const [first] = call.arguments
    if (!first) return
    if (name === 'match' && ts.isObjectLiteralExpression(first))
      for (const one of first.properties) columns.add(one.name?.getText() ?? '')
    else if (name === 'or')
      for (const [, column] of first.getText().matchAll(/(\w+)\.(?:eq|is|in|neq|gt|lt|gte|lte|ilike|like)\./g))
        columns.add(column!)
    else columns.add(ts.isStringLiteralLike(first) ? first.text.replace(/.*\./, '') : '?')
  }
  let top: Node = from
  while (ts.isPropertyAccessExpression(top.parent) && ts.isCallExpression(top.parent.parent)) {
    take(top.parent.parent, top.parent.name.text)
    top = top.parent.parent
  }
  while (ts.isAwaitExpression(top.parent) || ts.isParenthesizedExpression(top.parent) || ts.isAsExpression(top.parent))
    top = top.parent
  const holder = top.parent
  if (ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name)) {
    const name = holder.name.text
    const visit = (node: Node): void => {
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && rootOf(ts, node) === name)
        take(node, node.expression.name.text)
      ts.forEachChild(node, visit)
    }
    let scope: Node = holder
    while (scope.parent && !ts.isBlock(scope) && !ts.isSourceFile(scope)) scope = scope.parent
    visit(scope)
  }
  return `${table.getText().replace(/['"`]/g, '')}|${operation}|${[...columns].sort().join(',')}`
}

function rootOf(ts: TS, node: Node): string | undefined {
  let at: Node = node
  while (ts.isCallExpression(at) || ts.isPropertyAccessExpression(at)) at = at.expression
  return ts.isIdentifier(at) ? at.text : undefined
}
