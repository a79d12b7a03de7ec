import type { FixInput } from '../playbook.ts'
import { lineOf, openScript, type Script, ts } from './script.ts'

/**
 * Follows the rows of a query to where they are used: through variables, results, callers and component props. A list that is only
 * shown can be cut at its end; one that is counted, summed, searched or exported cannot. What is not understood counts as the latter.
 */

interface Walk {
  input: FixInput
  scripts: Map<string, Script | undefined>
  seen: Set<ts.Node>
  /** Names under which the rows lie in a result: `data`, and those that objects on the way give them. */
  names: Set<string>
}

/** More places than this nobody reviews. */
const MAX_PLACES = 80

/** Beside the rows in results and responses. */
const NOT_ROWS = new Set(['error', 'success', 'status', 'statusText', 'ok', 'message'])

/** Helpers that put the rows into a result and do nothing else. */
const RESULT_HELPER = /^(ok|success|succeed|succeeded|okResult|successResult)$/i

/**
 * @param rows the expression that holds the query's answer, awaited or not
 * @returns why all rows are needed (or may be), with its place; undefined when they are only shown
 */
export function whyAllRows(input: FixInput, script: Script, rows: ts.Expression): string | undefined {
  const walk: Walk = { input, scripts: new Map([[script.path, script]]), seen: new Set(), names: new Set(['data']) }
  return follow(walk, script, rows)
}

function follow(walk: Walk, script: Script, node: ts.Node): string | undefined {
  if (walk.seen.has(node)) return undefined
  walk.seen.add(node)
  if (walk.seen.size > MAX_PLACES) return 'the rows are used in too many places to judge them all'
  const { parent } = node
  const on = (next: ts.Node): string | undefined => follow(walk, script, next)
  const at = `${script.path}:${lineOf(script, node)}`
  if (ts.isParenthesizedExpression(parent) || ts.isAwaitExpression(parent) || ts.isAsExpression(parent))
    return on(parent)
  if (ts.isNonNullExpression(parent) || ts.isSatisfiesExpression(parent)) return on(parent)
  if (ts.isBinaryExpression(parent)) return inBinary(parent, node, on, at)
  if (ts.isConditionalExpression(parent)) return parent.condition === node ? undefined : on(parent)
  if (ts.isPrefixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.ExclamationToken ? undefined : unknown(at)
  if (ts.isIfStatement(parent) || ts.isExpressionStatement(parent) || ts.isTypeQueryNode(parent)) return undefined
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return ofProperty(walk, script, parent, at)
  if (ts.isVariableDeclaration(parent) && parent.initializer === node) return bound(walk, script, parent.name)
  if (ts.isPropertyAssignment(parent)) return intoObject(walk, script, parent, parent.name.getText(script.source))
  if (ts.isShorthandPropertyAssignment(parent)) return intoObject(walk, script, parent, parent.name.text)
  if (ts.isArrayLiteralExpression(parent)) return inPromiseAll(walk, script, parent, node, at)
  if (ts.isCallExpression(parent)) return asArgument(walk, script, parent, node, at)
  if (ts.isReturnStatement(parent)) return returned(walk, script, parent, at)
  if (ts.isArrowFunction(parent) && parent.body === node) return returned(walk, script, parent, at)
  if (ts.isJsxExpression(parent)) return inMarkup(walk, script, parent, at)
  if (ts.isForOfStatement(parent)) return `all of them are gone through at ${at}`
  return unknown(at)
}

function unknown(at: string): string {
  return `how the rows are used at ${at} is not understood`
}

function inBinary(
  parent: ts.BinaryExpression,
  node: ts.Node,
  on: (next: ts.Node) => string | undefined,
  at: string,
): string | undefined {
  const operator = parent.operatorToken.kind
  if (operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken) return on(parent)
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return parent.left === node ? undefined : on(parent)
  return unknown(at)
}

function ofProperty(walk: Walk, script: Script, access: ts.PropertyAccessExpression, at: string): string | undefined {
  const name = access.name.text
  if (walk.names.has(name)) return follow(walk, script, access)
  if (NOT_ROWS.has(name)) return undefined
  if (name === 'length') return isEmptyCheck(access) ? undefined : `their number is used at ${at}`
  const call = access.parent
  if (name !== 'map' || !ts.isCallExpression(call) || call.expression !== access)
    return `${name} is applied to all of them at ${at}`
  const [callback] = call.arguments
  if (!callback || (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback) && !ts.isIdentifier(callback)))
    return unknown(at)
  if (ts.isArrowFunction(callback) && isOneColumn(callback.body))
    return `only one column of each is kept at ${at}: a list to look things up with`
  if (CHOICE.test(callback.getText(script.source))) return `a choice is made from them at ${at}`
  return follow(walk, script, call)
}

/** Markup in which one of the rows is picked: what is not there cannot be. */
const CHOICE =
  /<(option|\w*(Option|SelectItem|CommandItem|ComboboxItem|MenuItem|Checkbox|Radio|RadioGroupItem)|\w+\.(Item|Option))\b/

/** `posts.length === 0`, `posts.length > 0`, `!posts.length`, `posts.length ? … : …`, `posts.length && …`. */
function isEmptyCheck(access: ts.Node): boolean {
  const { parent } = access
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken
  if (ts.isConditionalExpression(parent)) return parent.condition === access
  if (ts.isIfStatement(parent)) return true
  if (!ts.isBinaryExpression(parent)) return false
  if (parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return parent.left === access
  const other = parent.left === access ? parent.right : parent.left
  return ts.isNumericLiteral(other) && other.text === '0'
}

function isOneColumn(body: ts.Node): boolean {
  let inner = body
  while (ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner) || ts.isNonNullExpression(inner))
    inner = inner.expression
  return ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)
}

function bound(walk: Walk, script: Script, name: ts.BindingName): string | undefined {
  if (ts.isIdentifier(name)) return references(walk, script, name)
  if (ts.isArrayBindingPattern(name)) return `a part of them is taken at ${script.path}:${lineOf(script, name)}`
  for (const element of name.elements) {
    const key = (element.propertyName ?? element.name).getText(script.source)
    if (element.dotDotDotToken) return unknown(`${script.path}:${lineOf(script, element)}`)
    if (key === 'count') return `they are counted at ${script.path}:${lineOf(script, element)}`
    if (!walk.names.has(key)) continue
    const why = bound(walk, script, element.name)
    if (why) return why
  }
  return undefined
}

/** Every use of a variable inside the function (or module) that declares it. */
function references(walk: Walk, script: Script, name: ts.Identifier): string | undefined {
  const scope = scopeOf(name)
  let why: string | undefined
  const visit = (node: ts.Node): void => {
    if (why !== undefined) return
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && isUse(node))
      why = follow(walk, script, node)
    else ts.forEachChild(node, visit)
  }
  visit(scope)
  return why
}

function scopeOf(node: ts.Node): ts.Node {
  let scope = node.parent
  while (!ts.isFunctionLike(scope) && !ts.isSourceFile(scope)) scope = scope.parent
  return scope
}

/** Not a name of something else that is merely called the same: a property, a key, a declaration. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node
  if (ts.isJsxAttribute(parent) || ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent)) return false
  return (
    !ts.isParameter(parent) &&
    !ts.isImportSpecifier(parent) &&
    !ts.isExportSpecifier(parent) &&
    !ts.isPropertySignature(parent)
  )
}

function intoObject(walk: Walk, script: Script, property: ts.Node, name: string): string | undefined {
  walk.names.add(name)
  return follow(walk, script, property.parent)
}

/** `const [a, b] = await Promise.all([…, query, …])`. */
function inPromiseAll(
  walk: Walk,
  script: Script,
  list: ts.ArrayLiteralExpression,
  node: ts.Node,
  at: string,
): string | undefined {
  const call = list.parent
  if (!ts.isCallExpression(call) || call.expression.getText(script.source) !== 'Promise.all') return unknown(at)
  const awaited = call.parent
  const declaration = awaited.parent
  if (
    !ts.isAwaitExpression(awaited) ||
    !ts.isVariableDeclaration(declaration) ||
    !ts.isArrayBindingPattern(declaration.name)
  )
    return unknown(at)
  const element = declaration.name.elements[list.elements.indexOf(node as ts.Expression)]
  if (!element || ts.isOmittedExpression(element)) return undefined
  return bound(walk, script, element.name)
}

function asArgument(
  walk: Walk,
  script: Script,
  call: ts.CallExpression,
  node: ts.Node,
  at: string,
): string | undefined {
  if (call.expression === node) return unknown(at)
  const callee = call.expression.getText(script.source)
  if (RESULT_HELPER.test(callee)) return follow(walk, script, call)
  if (/^(new )?(Next)?Response\.json$/.test(callee)) return `other programs may read the response at ${at}`
  const state = stateOf(script, call)
  return state ? references(walk, script, state) : `they are handed to ${callee}() at ${at}`
}

/** `const [posts, setPosts] = useState(initial)`: the state that a setter or an initial value fills. */
function stateOf(script: Script, call: ts.CallExpression): ts.Identifier | undefined {
  const isUseState = (node: ts.Node | undefined): boolean =>
    node !== undefined &&
    ts.isCallExpression(node) &&
    /^(React\.)?useState$/.test(node.expression.getText(script.source))
  const first = (pattern: ts.BindingName): ts.Identifier | undefined => {
    const element = ts.isArrayBindingPattern(pattern) ? pattern.elements[0] : undefined
    return element && ts.isBindingElement(element) && ts.isIdentifier(element.name) ? element.name : undefined
  }
  if (isUseState(call)) return ts.isVariableDeclaration(call.parent) ? first(call.parent.name) : undefined
  if (!ts.isIdentifier(call.expression)) return undefined
  const setter = call.expression.text
  const declared = identifiers(script, setter).find(
    name => ts.isBindingElement(name.parent) && ts.isVariableDeclaration(name.parent.parent.parent),
  )
  const declaration = declared?.parent.parent.parent
  return declaration && ts.isVariableDeclaration(declaration) && isUseState(declaration.initializer)
    ? first(declaration.name)
    : undefined
}

function returned(walk: Walk, script: Script, from: ts.Node, at: string): string | undefined {
  let owner: ts.Node = from
  while (!ts.isFunctionLike(owner)) {
    if (ts.isSourceFile(owner)) return unknown(at)
    owner = owner.parent
  }
  const name = nameOf(owner, script)
  if (!name) return unknown(at)
  if (/^(GET|POST|PUT|PATCH|DELETE|HEAD)$/.test(name)) return `other programs may read the response at ${at}`
  if (/(export|csv|sitemap|download|report|all)/i.test(name)) return `${name}() says by its name that it wants them all`
  return callers(walk, name, at)
}

/** The name by which a function is called: its own, or that of the variable that holds it, wrapped by React's or Next's cache or not. */
function nameOf(owner: ts.Node, script: Script): string | undefined {
  if (ts.isFunctionDeclaration(owner) || ts.isMethodDeclaration(owner)) return owner.name?.getText(script.source)
  let holder = owner.parent
  if (
    ts.isCallExpression(holder) &&
    /^(cache|unstable_cache|React\.cache)$/.test(holder.expression.getText(script.source))
  )
    holder = holder.parent
  return ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name) ? holder.name.text : undefined
}

function callers(walk: Walk, name: string, at: string): string | undefined {
  let calls = 0
  const word = new RegExp(`\\b${name}\\b`)
  for (const path of walk.input.files) {
    const text = walk.input.source(path)
    if (text === undefined || !word.test(text) || /\.(test|spec|stories)\./.test(path)) continue
    const script = open(walk, path)
    if (!script) return `${path} names ${name}() and cannot be read`
    for (const use of identifiers(script, name)) {
      if (isNaming(use)) continue
      if (isTag(use)) {
        // A component: what it returns is shown.
        calls += 1
        continue
      }
      const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
      const call = callee.parent
      if (!ts.isCallExpression(call) || call.expression !== callee)
        return `${name} is handed on as a value at ${path}:${lineOf(script, use)}`
      calls += 1
      const why = follow(walk, script, call)
      if (why) return why
    }
  }
  return calls === 0 ? `who calls ${name}() is not known (${at})` : undefined
}

function isTag({ parent }: ts.Identifier): boolean {
  return ts.isJsxOpeningElement(parent) || ts.isJsxSelfClosingElement(parent) || ts.isJsxClosingElement(parent)
}

function open(walk: Walk, path: string): Script | undefined {
  if (!walk.scripts.has(path)) walk.scripts.set(path, openScript(path, walk.input.source(path)))
  return walk.scripts.get(path)
}

function identifiers({ source }: Script, name: string): ts.Identifier[] {
  const found: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Declared, imported or exported under its own name, or named in a type. */
function isNaming(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return parent.propertyName === undefined
  if (ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent)) return true
  if (ts.isVariableDeclaration(parent)) return parent.name === node
  return ts.isTypeQueryNode(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent)
}

function inMarkup(walk: Walk, script: Script, expression: ts.JsxExpression, at: string): string | undefined {
  const attribute = expression.parent
  // Children: shown.
  if (!ts.isJsxAttribute(attribute)) return undefined
  const element = attribute.parent.parent
  const tag = element.tagName.getText(script.source)
  const prop = attribute.name.getText(script.source)
  if (!/^[A-Z]\w*$/.test(tag)) return unknown(at)
  const homes = walk.input.files.filter(path =>
    new RegExp(`\\b(?:function|const)\\s+${tag}\\b`).test(walk.input.source(path) ?? ''),
  )
  const [path] = homes
  const home = homes.length === 1 && path !== undefined ? open(walk, path) : undefined
  const props = home && propsOf(home, tag)
  if (!home || !props) return `what <${tag}> does with them is not known (${at})`
  if (ts.isIdentifier(props)) {
    walk.names.add(prop)
    return references(walk, home, props)
  }
  if (!ts.isObjectBindingPattern(props)) return unknown(at)
  const own = props.elements.find(e => (e.propertyName ?? e.name).getText(home.source) === prop)
  if (!own) return props.elements.some(e => e.dotDotDotToken) ? unknown(at) : undefined
  return bound(walk, home, own.name)
}

/** The first parameter of a component. */
function propsOf(script: Script, tag: string): ts.BindingName | undefined {
  for (const name of identifiers(script, tag)) {
    const { parent } = name
    if (ts.isFunctionDeclaration(parent) && parent.name === name) return parent.parameters[0]?.name
    if (!ts.isVariableDeclaration(parent) || parent.name !== name || !parent.initializer) continue
    const value = parent.initializer
    const inner = ts.isCallExpression(value) ? value.arguments[0] : value
    if (inner && (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner))) return inner.parameters[0]?.name
  }
  return undefined
}
