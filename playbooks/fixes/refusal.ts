import type { FixInput } from '../playbook.ts'
import { openScript, type Script, ts } from './script.ts'

/** How this app refuses input, learnt from a function of the same kind that does. */
export interface Refusal {
  script: Script
  /** Name of the parse result, "parsed". */
  result: string
  /** Text of the call with the schema's name as \u0001 and the input as \u0002. */
  call: string
  /** Statement that leaves when it failed, as written there, without its indentation. */
  leave: string
  /** Name of the schema used there, and the module that it comes from when it is imported. */
  schema: string
  module: string | undefined
  /** Names that call and leave need, with the modules that they come from. */
  needs: { name: string; module: string }[]
  /** They need something that only this file has. */
  ownFileOnly: boolean
}

/** Functions of the file that parse what they are given, in their order. */
export function refusalsIn(script: Script): { refusal: Refusal; owner: ts.FunctionLikeDeclaration }[] {
  const found: { refusal: Refusal; owner: ts.FunctionLikeDeclaration }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.body) {
      const refusal = refusalOf(script, node.body)
      if (refusal) found.push({ refusal, owner: node })
    }
    ts.forEachChild(node, visit)
  }
  visit(script.source)
  return found
}

function refusalOf(script: Script, body: ts.Block): Refusal | undefined {
  const { source } = script
  for (const [at, statement] of body.statements.entries()) {
    if (!ts.isVariableStatement(statement)) continue
    const [declaration, ...others] = statement.declarationList.declarations
    const next = body.statements[at + 1]
    if (!declaration?.initializer || others.length > 0 || !ts.isIdentifier(declaration.name) || !next) continue
    const call = declaration.initializer
    if (!ts.isCallExpression(call)) continue
    const parts = parseCall(script, call)
    const result = declaration.name.text
    if (!parts || !ts.isIfStatement(next) || next.elseStatement) continue
    const condition = next.expression.getText(source)
    if (
      condition !== `!${result}.success` &&
      condition !== `${result}.success === false` &&
      condition !== `!${result}.ok`
    )
      continue
    const leave = next.getText(source)
    const needs = needsOf(script, [call, next], new Set([result, parts.schema, 'undefined', ...parts.ignored]))
    const module = importOf(script, parts.schema)
    if (!needs || !saysNothingSpecific(next) || (module === undefined && !isZodHere(script, parts.schema))) continue
    return { script, result, call: parts.text, leave, schema: parts.schema, module, ...needs }
  }
  return undefined
}

/** `schema.safeParse(input)` or `parseInput(schema, input)`, with the input a parameter or what was read of the request. */
function parseCall(
  script: Script,
  call: ts.CallExpression,
): { text: string; schema: string; ignored: string[] } | undefined {
  const { source } = script
  const callee = call.expression
  const swap = (node: ts.Node, schema: ts.Node, input: ts.Node): string => {
    const start = node.getStart(source)
    const text = node.getText(source)
    const cut = (target: ts.Node): [number, number] => [target.getStart(source) - start, target.end - start]
    const [first, second] = [
      { range: cut(schema), mark: '\u0001' },
      { range: cut(input), mark: '\u0002' },
    ].sort((a, b) => b.range[0] - a.range[0]) as [
      { range: [number, number]; mark: string },
      { range: [number, number]; mark: string },
    ]
    const once = text.slice(0, first.range[0]) + first.mark + text.slice(first.range[1])
    return once.slice(0, second.range[0]) + second.mark + once.slice(second.range[1])
  }
  const names = (node: ts.Node): string[] =>
    [...node.getText(source).matchAll(/[A-Za-z_$][\w$]*/g)].map(match => match[0])
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'safeParse' && ts.isIdentifier(callee.expression)) {
    const [input] = call.arguments
    if (!input || call.arguments.length !== 1) return undefined
    return { text: swap(call, callee.expression, input), schema: callee.expression.text, ignored: names(input) }
  }
  // A bare safeParse is that of another library.
  if (!ts.isIdentifier(callee) || call.arguments.length !== 2 || /^(safe)?parse$/i.test(callee.text)) return undefined
  const [schema, input] = call.arguments
  if (
    !schema ||
    !input ||
    !ts.isIdentifier(schema) ||
    !/schema$/i.test(schema.text) ||
    !/(parse|validate)/i.test(callee.text)
  )
    return undefined
  return { text: swap(call, schema, input), schema: schema.text, ignored: names(input) }
}

/** Words of messages that fit any input. */
const GENERIC = new Set(
  'a again all and are bad body check could data enter entered error failed field fields form found in input invalid is issue it message missing not of or parameters params please provide provided request required schema some submitted the this try valid validation value values was what with wrong you your'.split(
    ' ',
  ),
)

/** A message about one form ("invalid credentials") does not fit another. */
function saysNothingSpecific(leave: ts.Node): boolean {
  let generic = true
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) {
      const words = node.text.toLowerCase().match(/\p{L}+/gu) ?? []
      if (!words.every(word => GENERIC.has(word))) generic = false
    } else if (ts.isTemplateExpression(node)) generic = false
    ts.forEachChild(node, visit)
  }
  visit(leave)
  return generic
}

function isZodHere({ source }: Script, schema: string): boolean {
  return source.statements.some(
    s =>
      ts.isVariableStatement(s) &&
      s.declarationList.declarations.some(
        d => d.name.getText(source) === schema && /^z\s*\./.test(d.initializer?.getText(source) ?? ''),
      ),
  )
}

/** Free names of the nodes with their modules; undefined when one comes from nowhere that is known. */
function needsOf(
  script: Script,
  nodes: readonly ts.Node[],
  bound: ReadonlySet<string>,
): Pick<Refusal, 'needs' | 'ownFileOnly'> | undefined {
  const needs = new Map<string, string>()
  const own = new Set(bound)
  let [missing, ownFileOnly] = [false, false]
  const declare = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && ts.isIdentifier(node.name)) own.add(node.name.text)
    ts.forEachChild(node, declare)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !own.has(node.text) && isFree(node)) {
      const module = importOf(script, node.text)
      if (module) needs.set(node.text, module)
      else if (isOfModule(script, node.text)) ownFileOnly = true
      else if (!/^(String|Number|Object|Array|Response|JSON)$/.test(node.text)) missing = true
    }
    ts.forEachChild(node, visit)
  }
  for (const node of nodes) declare(node)
  for (const node of nodes) visit(node)
  return missing ? undefined : { needs: [...needs].map(([name, module]) => ({ name, module })), ownFileOnly }
}

function isOfModule({ source }: Script, name: string): boolean {
  return source.statements.some(
    s =>
      (ts.isFunctionDeclaration(s) && s.name?.text === name) ||
      (ts.isVariableStatement(s) && s.declarationList.declarations.some(d => d.name.getText(source) === name)),
  )
}

function isFree(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  return true
}

/** The module that a name is imported from, as a value and under its own name. */
export function importOf({ source }: Script, name: string): string | undefined {
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue
    const bindings = statement.importClause?.namedBindings
    if (
      bindings &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some(e => e.name.text === name && !e.propertyName && !e.isTypeOnly)
    )
      return (statement.moduleSpecifier as ts.StringLiteral).text
  }
  return undefined
}

/** A way of refusing that fits the function: of the same file first, then of files of the same kind near to it. */
export function refusalFor(
  input: FixInput,
  script: Script,
  target: ts.FunctionLikeDeclaration,
  kind: 'action' | 'handler',
): Refusal | undefined {
  const fits = ({ refusal, owner }: ReturnType<typeof refusalsIn>[number]): boolean =>
    resultOf(owner) === resultOf(target) &&
    (resultOf(target) !== undefined || refusal.script.path === script.path || sameShape(refusal, script, target))
  const isKind = (text: string): boolean =>
    kind === 'action'
      ? /^\s*(["'])use server\1/m.test(text)
      : /export (async )?(function|const) (GET|POST|PUT|PATCH|DELETE)\b/.test(text)
  const others = input.files
    .filter(path => path !== script.path && !/\.(test|spec|stories)\./.test(path))
    .filter(path => {
      const text = input.source(path)
      return text !== undefined && /\b(safeParse|parse\w*|validate\w*)\(/.test(text) && isKind(text)
    })
    .sort((a, b) => nearness(b, script.path) - nearness(a, script.path) || (a < b ? -1 : 1))
  for (const path of [script.path, ...others]) {
    const candidate = path === script.path ? script : openScript(path, input.source(path))
    const found =
      candidate && refusalsIn(candidate).find(one => fits(one) && (path === script.path || isPortable(one.refusal)))
    if (found) return found.refusal
  }
  return undefined
}

function isPortable({ needs, module, ownFileOnly }: Refusal): boolean {
  return !ownFileOnly && [...needs.map(need => need.module), module ?? ''].every(from => !from.startsWith('.'))
}

/** Folders that two paths share. */
function nearness(a: string, b: string): number {
  const [x, y] = [a.split('/'), b.split('/')]
  const differs = x.findIndex((part, at) => part !== y[at])
  return differs < 0 ? x.length : differs
}

/** "ActionResult" of `Promise<ActionResult<…>>`. */
function resultOf(node: ts.FunctionLikeDeclaration): string | undefined {
  const text = node.type?.getText().replace(/\s+/g, ' ')
  if (text === undefined) return undefined
  return /^Promise<([\w.]+)/.exec(text)?.[1] ?? text
}

/** Without a stated type: the function itself returns what the refusal returns. */
function sameShape({ leave }: Refusal, { source }: Script, target: ts.FunctionLikeDeclaration): boolean {
  const shape = (text: string): string | undefined => {
    const helper = /return\s+(?:await\s+)?([A-Za-z_$][\w$.]*)\(/.exec(text)?.[1]
    const keys = /return\s*\{([^}]*)\}/.exec(text)?.[1]
    return (
      helper ??
      (keys === undefined
        ? undefined
        : [...keys.matchAll(/(\w+)\s*(?::|,|$)/g)]
            .map(match => match[1])
            .slice(0, 2)
            .join())
    )
  }
  const wanted = shape(leave)
  if (wanted === undefined) return false
  const returns = [...(target.body?.getText(source) ?? '').matchAll(/return[^\n]*(?:\n[^\n]*){0,4}/g)]
  return returns.some(match => shape(match[0]) === wanted)
}
