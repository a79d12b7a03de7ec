import type {
  Argument,
  ArrayExpressionElement,
  Class,
  Expression,
  Function as FunctionNode,
  JSXChild,
  JSXElement,
  JSXElementName,
  MemberExpression,
  ObjectPropertyKind,
  ParamPattern,
} from 'oxc-parser'
import type { ClassIR, Expr, ObjectMember } from './ir.ts'
import type { FunctionParts, Lowering } from './lowering.ts'
import { element } from './markup.ts'

const NOTHING: Expr = { k: 'unk', e: [] }

export function lowerExpression(s: Lowering, node: Expression): Expr {
  switch (node.type) {
    case 'Identifier':
      return node.name === 'undefined' ? { k: 'undef' } : { k: 'id', n: node.name }
    case 'Literal':
      if ('regex' in node) return { k: 'regex' }
      if ('bigint' in node) return NOTHING
      return { k: 'lit', v: node.value as string | number | boolean | null }
    case 'MemberExpression':
      return member(s, node)
    case 'CallExpression':
      return {
        k: 'call',
        f: s.expr(node.callee),
        a: list(s, node.arguments),
        l: s.line(node),
        el: s.endLine(node),
        ...(node.optional ? { opt: 1 } : {}),
      }
    case 'JSXElement':
      return jsx(s, node)
    case 'JSXFragment':
      return element('', [], jsxChildren(s, node.children), s.line(node))
    case 'ObjectExpression':
      return { k: 'obj', p: objectMembers(s, node.properties) }
    case 'ArrayExpression':
      return { k: 'arr', e: node.elements.map(e => arrayElement(s, e)) }
    case 'ArrowFunctionExpression':
      return { k: 'fn', d: s.fn(parts(node, node, true)) }
    case 'FunctionExpression':
    case 'TSEmptyBodyFunctionExpression':
    case 'FunctionDeclaration':
    case 'TSDeclareFunction': {
      const d = s.fn(parts(node, node, false))
      if (node.id) d.n = node.id.name
      return { k: 'fn', d }
    }
    case 'AwaitExpression':
      return { k: 'await', e: s.expr(node.argument), l: s.line(node) }
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    // `createClient<Database>` without a call: the function itself.
    case 'TSInstantiationExpression':
      return s.expr(node.expression)
    case 'TemplateLiteral':
      if (node.expressions.length === 0) return { k: 'lit', v: node.quasis[0]?.value.cooked ?? '' }
      return {
        k: 'tpl',
        q: node.quasis.map(q => q.value.cooked ?? ''),
        e: node.expressions.map(e => s.expr(e)),
      }
    case 'TaggedTemplateExpression':
      return {
        k: 'tag',
        t: s.expr(node.tag),
        q: node.quasi.quasis.map(q => q.value.cooked ?? ''),
        e: node.quasi.expressions.map(e => s.expr(e)),
        l: s.line(node),
        el: s.endLine(node),
      }
    case 'ConditionalExpression':
      return { k: 'cond', c: s.expr(node.test), t: s.expr(node.consequent), f: s.expr(node.alternate) }
    case 'LogicalExpression':
      return { k: 'log', op: node.operator, a: s.expr(node.left), b: s.expr(node.right) }
    case 'BinaryExpression': {
      const a = node.left.type === 'PrivateIdentifier' ? NOTHING : s.expr(node.left)
      return { k: 'bin', op: node.operator, a, b: s.expr(node.right), l: s.line(node) }
    }
    case 'AssignmentExpression':
      return { k: 'asg', op: node.operator, t: s.target(node.left), v: s.expr(node.right) }
    case 'UnaryExpression':
    case 'UpdateExpression':
      return { k: 'un', op: node.operator, e: s.expr(node.argument as Expression) }
    case 'NewExpression': {
      const f = s.expr(node.callee)
      return { k: 'call', f, a: list(s, node.arguments), l: s.line(node), el: s.endLine(node), nw: 1 }
    }
    case 'ThisExpression':
      return { k: 'this' }
    case 'YieldExpression':
      return { k: 'yield', ...(node.argument ? { e: s.expr(node.argument) } : {}) }
    case 'ImportExpression':
      return { k: 'import', s: s.expr(node.source), l: s.line(node) }
    case 'SequenceExpression':
      return node.expressions.map(e => s.expr(e)).reduce((a, b) => ({ k: 'unk', e: [a, b] }))
    case 'ClassExpression':
    case 'ClassDeclaration':
      return { k: 'cls', d: classOf(s, node) }
    // import.meta.url: the module's own place.
    case 'MetaProperty':
      return { k: 'obj', p: [{ key: 'url', v: { k: 'lit', v: 'file:///module' } }] }
    default:
      return NOTHING
  }
}

function parts(
  node: { params: readonly ParamPattern[]; body: FunctionParts['body']; async: boolean; generator: boolean },
  place: { start: number; end: number },
  isArrow: boolean,
): FunctionParts {
  const { params, body, async, generator } = node
  return { params, body, async, generator, start: place.start, end: place.end, isArrow }
}

function member(s: Lowering, node: MemberExpression): Expr {
  const o = s.expr(node.object)
  const { property } = node
  if (!node.computed) {
    const p = property.type === 'PrivateIdentifier' ? `#${property.name}` : (property as { name: string }).name
    return { k: 'mem', o, p, l: s.line(property), ...(node.optional ? { opt: 1 } : {}) }
  }
  const index = property as Expression
  if (index.type === 'Literal' && typeof index.value === 'string')
    return { k: 'mem', o, p: index.value, l: s.line(index) }
  return { k: 'idx', o, i: s.expr(index), l: s.line(node) }
}

function list(s: Lowering, args: readonly Argument[]): Expr[] {
  return args.map(a => arrayElement(s, a))
}

function arrayElement(s: Lowering, node: ArrayExpressionElement): Expr {
  if (!node) return NOTHING
  return node.type === 'SpreadElement' ? { k: 'spread', e: s.expr(node.argument) } : s.expr(node)
}

function objectMembers(s: Lowering, properties: readonly ObjectPropertyKind[]): ObjectMember[] {
  const out: ObjectMember[] = []
  for (const property of properties) {
    const lines = { l: s.line(property), el: s.endLine(property) }
    if (property.type === 'SpreadElement') {
      out.push({ key: null, v: s.expr(property.argument), ...lines })
      continue
    }
    if (property.shorthand && property.key.type === 'Identifier') {
      // `{ undefined }` is nobody's variable, but the name is what it is.
      out.push({ key: property.key.name, v: { k: 'id', n: property.key.name }, ...lines })
      continue
    }
    const key = s.key(property)
    if (key === undefined || property.kind === 'set') continue
    const { value } = property
    if (property.kind === 'init' && !property.method) {
      out.push({ key, v: s.expr(value), ...lines })
      continue
    }
    const fn: Expr = { k: 'fn', d: s.fn(parts(value as FunctionNode, property, false)) }
    out.push({ key, v: property.kind === 'get' ? { k: 'call', f: fn, a: [], ...lines } : fn, ...lines })
  }
  return out
}

function classOf(s: Lowering, node: Class): ClassIR {
  const out: ClassIR = { members: [], l: s.line(node) }
  if (node.id) out.n = node.id.name
  if (node.superClass) out.ext = s.expr(node.superClass)
  for (const item of node.body.body) {
    if (item.type === 'StaticBlock' || item.type === 'TSIndexSignature') continue
    const flag = item.static ? { static: 1 as const } : {}
    const l = s.line(item)
    if (!('kind' in item)) {
      const n = item.computed ? undefined : s.key(item)
      if (typeof n === 'string' && item.value) out.members.push({ n, kind: 'field', v: s.expr(item.value), ...flag, l })
      continue
    }
    const { value } = item
    if (item.kind === 'constructor') {
      const d = s.fn(parts(value, item, false))
      out.members.push({ n: 'constructor', kind: 'ctor', v: { k: 'fn', d }, l })
      for (const name of parameterProperties(s, value.params))
        out.members.push({ n: name, kind: 'field', v: { k: 'id', n: `*ctor*${name}` }, l })
      continue
    }
    const n = item.computed ? undefined : s.key(item)
    if (typeof n !== 'string') continue
    if (item.kind === 'method' && value.body)
      out.members.push({ n, kind: 'method', v: { k: 'fn', d: { ...s.fn(parts(value, item, false)), n } }, ...flag, l })
    else if (item.kind === 'get')
      out.members.push({ n, kind: 'get', v: { k: 'fn', d: s.fn(parts(value, item, false)) }, ...flag, l })
  }
  return out
}

/** `constructor(private db: Client)`: the modifier stands before the parameter and is no part of the tree without types. */
function parameterProperties(s: Lowering, params: readonly ParamPattern[]): string[] {
  return params.flatMap(p => {
    const node = p.type === 'AssignmentPattern' ? p.left : p
    const before = s.source(Math.max(0, node.start - 40), node.start)
    return node.type === 'Identifier' && /\b(?:private|public|protected|readonly|override)\s+$/.test(before)
      ? [node.name]
      : []
  })
}

function jsx(s: Lowering, node: JSXElement): Expr {
  const { name, attributes } = node.openingElement
  const t = tagName(s, name)
  const p: ObjectMember[] = []
  for (const attribute of attributes) {
    if (attribute.type === 'JSXSpreadAttribute') {
      p.push({ key: null, v: s.expr(attribute.argument) })
      continue
    }
    const key =
      attribute.name.type === 'JSXIdentifier'
        ? attribute.name.name
        : `${attribute.name.namespace.name}:${attribute.name.name.name}`
    const { value } = attribute
    if (!value) p.push({ key, v: { k: 'lit', v: true } })
    else if (value.type !== 'JSXExpressionContainer') p.push({ key, v: s.expr(value) })
    else if (value.expression.type === 'JSXEmptyExpression') p.push({ key, v: { k: 'undef' } })
    else p.push({ key, v: s.expr(value.expression) })
  }
  return element(t, p, jsxChildren(s, node.children), s.line(node))
}

function tagName(s: Lowering, name: JSXElementName): Expr | string {
  if (name.type === 'JSXNamespacedName') return ''
  if (name.type === 'JSXIdentifier')
    return /^[a-z]/.test(name.name) && name.name !== 'this' ? name.name : component(name.name)
  const { property } = name
  const o = tagName(s, name.object)
  return { k: 'mem', o: typeof o === 'string' ? { k: 'id', n: o } : o, p: property.name, l: s.line(property) }
}

function component(name: string): Expr {
  return name === 'this' ? { k: 'this' } : { k: 'id', n: name }
}

function jsxChildren(s: Lowering, children: readonly JSXChild[]): Expr[] {
  const out: Expr[] = []
  for (const child of children) {
    if (child.type === 'JSXText') continue
    if (child.type === 'JSXElement' || child.type === 'JSXFragment') out.push(s.expr(child))
    else if (child.expression.type !== 'JSXEmptyExpression') out.push(s.expr(child.expression))
  }
  return out
}
