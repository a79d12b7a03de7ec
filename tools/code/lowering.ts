import type {
  AssignmentTarget,
  AssignmentTargetMaybeDefault,
  AssignmentTargetRest,
  BindingPattern,
  BindingRestElement,
  Directive,
  Expression,
  ParamPattern,
  PropertyKey,
  Statement,
  VariableDeclaration,
} from 'oxc-parser'
import type { Expr, FunctionIR, ObjectMember, Pattern, Stmt } from './ir.ts'
import { lowerExpression } from './lowerexpression.ts'
import { lineAt, type Parsed } from './parse.ts'

/** What a function is made of; methods are spread over two nodes of the tree. */
export interface FunctionParts {
  params: readonly ParamPattern[]
  body: { type: string; start: number; end: number } | null
  async: boolean
  generator: boolean
  /** Where it begins and ends, with its modifiers and name. */
  start: number
  end: number
  isArrow: boolean
}

/** Statements, functions and patterns. A class because the walk shares the text, the line table and the function counter. */
export class Lowering {
  protected readonly text: string
  protected readonly starts: readonly number[]
  private functions = 0
  /** The line that was asked for last: the next question is mostly about the same one. */
  private last = 0

  constructor(parsed: Parsed) {
    this.text = parsed.text
    this.starts = parsed.starts
  }

  lineOf(position: number): number {
    const { starts, last } = this
    if (position >= (starts[last] as number)) {
      const next = starts[last + 1]
      if (next === undefined || position < next) return last + 1
    }
    const line = lineAt(starts, position)
    this.last = line - 1
    return line
  }

  line(node: { start: number }): number {
    return this.lineOf(node.start)
  }

  endLine(node: { end: number }): number {
    return this.lineOf(node.end)
  }

  source(start: number, end: number): string {
    return this.text.slice(start, end)
  }

  expr(node: Expression | { type: 'JSXEmptyExpression' }): Expr {
    return lowerExpression(this, node as Expression)
  }

  block(statements: readonly (Directive | Statement)[]): Stmt[] {
    const out: Stmt[] = []
    for (const statement of statements) this.statement(statement, out, this.line(statement))
    return out
  }

  private body(node: Statement): Stmt[] {
    return node.type === 'BlockStatement' ? this.block(node.body) : this.block([node])
  }

  /** `start` is where a declaration begins together with `export`. */
  statement(node: Directive | Statement, out: Stmt[], l: number, start = node.start): void {
    switch (node.type) {
      case 'VariableDeclaration':
        out.push(this.variables(node, l))
        return
      case 'ExpressionStatement':
        out.push({ k: 'expr', e: this.expr(node.expression), l })
        return
      case 'ReturnStatement':
        out.push({ k: 'ret', ...(node.argument ? { e: this.expr(node.argument) } : {}), l, el: this.endLine(node) })
        return
      case 'IfStatement':
        out.push({
          k: 'if',
          c: this.expr(node.test),
          t: this.body(node.consequent),
          ...(node.alternate ? { f: this.body(node.alternate) } : {}),
          l,
        })
        return
      case 'BlockStatement':
        out.push({ k: 'blk', b: this.block(node.body) })
        return
      case 'ThrowStatement':
        out.push({ k: 'thr', e: this.expr(node.argument), l })
        return
      case 'TryStatement':
        out.push({
          k: 'try',
          b: this.block(node.block.body),
          ...(node.handler ? { c: this.block(node.handler.body.body) } : {}),
          ...(node.handler?.param ? { cv: this.pattern(node.handler.param) } : {}),
          ...(node.finalizer ? { f: this.block(node.finalizer.body) } : {}),
          l,
        })
        return
      case 'FunctionDeclaration':
        if (node.body) {
          const d = this.fn({ ...node, body: node.body, start, isArrow: false })
          out.push({ k: 'fn', d: { ...d, n: node.id?.name ?? '*default*' } })
        }
        return
      case 'ClassDeclaration': {
        const e = this.expr(node)
        if (e.k === 'cls') out.push({ k: 'cls', d: { ...e.d, l, n: node.id?.name ?? '*default*' } })
        return
      }
      case 'SwitchStatement':
        out.push({
          k: 'sw',
          e: this.expr(node.discriminant),
          cs: node.cases.map(c => ({ ...(c.test ? { t: this.expr(c.test) } : {}), b: this.block(c.consequent) })),
          l,
        })
        return
      case 'BreakStatement':
        out.push({ k: 'brk' })
        return
      case 'ContinueStatement':
        out.push({ k: 'cnt' })
        return
      case 'LabeledStatement':
        this.statement(node.body, out, this.line(node.body))
        return
      case 'TSEnumDeclaration': {
        const p: ObjectMember[] = node.body.members.flatMap(m => {
          const key = m.id.type === 'Identifier' ? m.id.name : m.id.type === 'Literal' ? m.id.value : undefined
          const v: Expr = m.initializer ? this.expr(m.initializer) : { k: 'lit', v: 0 }
          return key === undefined ? [] : [{ key, v }]
        })
        out.push({ k: 'var', d: [{ t: { k: 'id', n: node.id.name }, v: { k: 'obj', p } }], l })
        return
      }
      default:
        this.loop(node, out, l)
    }
  }

  private loop(node: Directive | Statement, out: Stmt[], l: number): void {
    const el = this.endLine(node)
    switch (node.type) {
      case 'ForStatement': {
        const i: Stmt[] = []
        if (node.init?.type === 'VariableDeclaration') i.push(this.variables(node.init, l))
        else if (node.init) i.push({ k: 'expr', e: this.expr(node.init), l })
        out.push({
          k: 'loop',
          kind: 'for',
          i,
          ...(node.test ? { c: this.expr(node.test) } : {}),
          ...(node.update ? { u: this.expr(node.update) } : {}),
          b: this.body(node.body),
          l,
          el,
        })
        return
      }
      case 'ForOfStatement':
      case 'ForInStatement': {
        const left = node.left
        const first = left.type === 'VariableDeclaration' ? left.declarations[0] : undefined
        const v: Pattern = first ? this.pattern(first.id) : this.assigned(left as AssignmentTarget)
        const kind = node.type === 'ForOfStatement' ? 'of' : 'in'
        out.push({ k: 'loop', kind, v, e: this.expr(node.right), b: this.body(node.body), l, el })
        return
      }
      case 'WhileStatement':
      case 'DoWhileStatement': {
        const kind = node.type === 'WhileStatement' ? 'while' : 'do'
        out.push({ k: 'loop', kind, c: this.expr(node.test), b: this.body(node.body), l, el })
      }
    }
  }

  private variables(list: VariableDeclaration, l: number): Stmt {
    return {
      k: 'var',
      d: list.declarations.map(d => {
        const v = d.init ? this.expr(d.init) : undefined
        // `const save = async () => …` is called save.
        if (v?.k === 'fn' && !v.d.n && d.id.type === 'Identifier') v.d.n = d.id.name
        return { t: this.pattern(d.id), ...(v ? { v } : {}) }
      }),
      l,
    }
  }

  pattern(node: BindingPattern | BindingRestElement): Pattern {
    switch (node.type) {
      case 'Identifier':
        return { k: 'id', n: node.name }
      case 'ObjectPattern': {
        const out: Pattern = { k: 'objp', p: [] }
        for (const property of node.properties) {
          if (property.type === 'RestElement') {
            out.rest = this.pattern(property.argument)
            continue
          }
          const key = this.key(property) ?? ''
          out.p.push({ key, ...this.withDefault(property.value) })
        }
        return out
      }
      case 'ArrayPattern': {
        const out: Pattern = { k: 'arrp', e: [] }
        for (const element of node.elements) {
          if (!element) out.e.push(null)
          else if (element.type === 'RestElement') out.rest = this.pattern(element.argument)
          else out.e.push(this.withDefault(element))
        }
        return out
      }
      case 'AssignmentPattern':
        return this.pattern(node.left)
      case 'RestElement':
        return this.pattern(node.argument)
    }
  }

  private withDefault(node: BindingPattern): { t: Pattern; d?: Expr } {
    if (node.type !== 'AssignmentPattern') return { t: this.pattern(node) }
    return { t: this.pattern(node.left), d: this.expr(node.right) }
  }

  /** Assignment targets: `[a, b] = …`, `({ a } = …)`, `x.y = …`. */
  target(node: AssignmentTargetMaybeDefault | AssignmentTargetRest): Pattern {
    switch (node.type) {
      case 'Identifier':
        return { k: 'id', n: node.name }
      case 'ObjectPattern': {
        const p: { key: string | Expr; t: Pattern }[] = []
        for (const property of node.properties) {
          if (property.type === 'RestElement') continue
          const { key } = property
          if (property.shorthand && key.type === 'Identifier') p.push({ key: key.name, t: { k: 'id', n: key.name } })
          else p.push({ key: this.key(property) ?? '', t: this.target(property.value) })
        }
        return { k: 'objp', p }
      }
      case 'ArrayPattern':
        return { k: 'arrp', e: node.elements.map(e => (e ? { t: this.target(e) } : null)) }
      case 'AssignmentPattern': {
        const t = this.target(node.left)
        return { k: 'target', e: { k: 'asg', op: '=', t, v: this.expr(node.right) } }
      }
      case 'RestElement': {
        const inner = this.assigned(node.argument)
        return inner.k === 'target' ? { k: 'target', e: { k: 'spread', e: inner.e } } : inner
      }
      default: {
        const inner = node as Expression
        // `(a) = 1`
        if (inner.type === 'ParenthesizedExpression') return this.target(inner.expression as AssignmentTarget)
        return { k: 'target', e: this.expr(inner) }
      }
    }
  }

  /** A target that stands where an expression would: `for (x of …)`. */
  private assigned(node: AssignmentTarget): Pattern {
    if (node.type === 'ObjectPattern' || node.type === 'ArrayPattern') return this.target(node)
    return { k: 'target', e: this.expr(node) }
  }

  /** Name of a property; undefined for those that have none (big integers). */
  key(property: { key: PropertyKey; computed: boolean }): string | Expr | undefined {
    const { key } = property
    if (property.computed) return this.expr(key as Expression)
    if (key.type === 'Identifier') return key.name
    if (key.type === 'PrivateIdentifier') return `#${key.name}`
    if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number'))
      return String(key.value)
    return undefined
  }

  fn(node: FunctionParts): FunctionIR {
    const id = ++this.functions
    const out: FunctionIR = {
      id,
      p: node.params.filter(p => !(p.type === 'Identifier' && p.name === 'this')).map(p => this.parameter(p)),
      b: [],
      l: this.lineOf(node.start),
      el: this.lineOf(node.end),
    }
    const body = node.body as { type: 'BlockStatement'; body: (Directive | Statement)[] } | Expression | null
    if (body?.type === 'BlockStatement') {
      out.b = this.block(body.body)
      const dir = this.directive(body.body)
      if (dir) out.dir = dir
    } else if (body) out.b = [{ k: 'ret', e: this.expr(body), l: this.line(body), el: this.endLine(body) }]
    if (node.async) out.async = 1
    if (node.generator) out.gen = 1
    if (node.isArrow) out.arrow = 1
    if (node.body && this.isGuard(node, node.body.start)) out.guard = 1
    return out
  }

  private parameter(node: ParamPattern): FunctionIR['p'][number] {
    if (node.type === 'TSParameterProperty') return this.parameter(node.parameter)
    const isRest = node.type === 'RestElement'
    const bound = node.type === 'AssignmentPattern' ? node.left : isRest ? node.argument : node
    const t = this.pattern(bound)
    const d = node.type === 'AssignmentPattern' ? this.expr(node.right) : undefined
    const ty = this.typeAfter(bound.end)
    return { t, ...(d ? { d } : {}), ...(isRest ? { rest: 1 } : {}), ...(ty ? { ty } : {}) }
  }

  /** The text of the type that a parameter is declared with, which the tree leaves out; its beginning is enough. */
  private typeAfter(end: number): string | undefined {
    const { text } = this
    let at = end
    while (isBlank(text.charCodeAt(at))) at++
    if (text[at] === '?') at++
    while (isBlank(text.charCodeAt(at))) at++
    if (text[at] !== ':') return undefined
    const start = ++at
    for (let depth = 0; at < text.length && at < start + 200; at++) {
      const c = text[at] as string
      if ('([{<'.includes(c)) depth++
      else if (c === '>' && text[at - 1] === '=') continue
      else if (')]}>'.includes(c) && --depth < 0) break
      else if (depth === 0 && (c === ',' || (c === '=' && text[at + 1] !== '>'))) break
    }
    return text
      .slice(start, at)
      .replace(/\s+\/\/[^\n'"`]*\s*$/, '')
      .trim()
      .slice(0, 80)
  }

  /** `(value): value is X`; not `asserts value is X`. */
  private isGuard(node: FunctionParts, bodyStart: number): boolean {
    const from = node.params.at(-1)?.end ?? node.start
    const head = this.text.slice(from, bodyStart)
    return head.includes(' is ') && /\)\s*:\s*(?!asserts\s+[\w$]+\s+is\s)[\w$]+\s+is\s/.test(head)
  }

  directive(statements: readonly (Directive | Statement)[]): string | undefined {
    for (const statement of statements) {
      if (statement.type !== 'ExpressionStatement') return undefined
      const { expression } = statement
      if (expression.type !== 'Literal' || typeof expression.value !== 'string') return undefined
      if (expression.value.startsWith('use ') && expression.value !== 'use strict') return expression.value
    }
    return undefined
  }

  boundNames(node: BindingPattern | BindingRestElement): string[] {
    switch (node.type) {
      case 'Identifier':
        return [node.name]
      case 'ObjectPattern':
        return node.properties.flatMap(p => this.boundNames(p.type === 'RestElement' ? p : p.value))
      case 'ArrayPattern':
        return node.elements.flatMap(e => (e ? this.boundNames(e) : []))
      case 'AssignmentPattern':
        return this.boundNames(node.left)
      case 'RestElement':
        return this.boundNames(node.argument)
    }
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}
