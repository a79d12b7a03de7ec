import type { CallExpression, Function as FunctionNode, Node, ObjectExpression, Program } from 'oxc-parser'
import { parseSource } from './parse.ts'
import type { NextConfigFacts, Report } from './workspace.ts'

type Literal = string | number | boolean | Literal[] | { [key: string]: Literal }

/** In the order in which Next looks for them; .cjs is not among Next's own but is what its loaders accept. */
export const configNames = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.mts', 'next.config.cjs']

/** A configuration that names none of these says nothing that we use: it need not be parsed. */
const interesting =
  /\b(?:cacheComponents|dynamicIO|useCache|cacheLife|ppr|output|basePath|pageExtensions|bodySizeLimit|globalNotFound)\b['"]?\s*[:=,}]/

/** More nodes than any configuration has; identifiers that refer to each other twice could else go on for ever. */
const maxSteps = 20_000

/** Facts of an app that has no next.config file. */
export function emptyConfig(): NextConfigFacts {
  return { file: undefined, cacheComponents: false }
}

/**
 * Literal facts of a next.config file. The file is data: it is parsed, never executed, so what it computes stays unknown.
 * Follows identifiers, spreads, conditional expressions, wrappers (withSentryConfig(config)) and functions that return it.
 */
export function readNextConfig(file: string, text: string, report: Report): NextConfigFacts {
  if (!interesting.test(text)) return { file, cacheComponents: false }
  try {
    return { file, ...factsOf(evaluate(text)) }
  } catch (error) {
    report({ message: `configuration was not understood: ${String(error)}`, file })
    return { file, cacheComponents: false }
  }
}

function factsOf(config: { [key: string]: Literal }): Omit<NextConfigFacts, 'file'> {
  const experimental = asObject(config.experimental)
  const serverActions = asObject(experimental.serverActions ?? config.serverActions)
  const facts: Omit<NextConfigFacts, 'file'> = {
    cacheComponents:
      config.cacheComponents === true || experimental.cacheComponents === true || experimental.dynamicIO === true,
  }
  if (experimental.ppr === true && !facts.cacheComponents) facts.ppr = true
  if (experimental.useCache === true) facts.useCache = true
  const profiles = Object.entries(asObject(config.cacheLife ?? experimental.cacheLife)).flatMap(([name, profile]) => {
    const { revalidate } = asObject(profile)
    return typeof revalidate === 'number' ? [[name, revalidate] as const] : []
  })
  if (profiles.length > 0) facts.cacheProfiles = Object.fromEntries(profiles)
  if (experimental.ppr === 'incremental') facts.incrementalPpr = true
  if (experimental.globalNotFound === true) facts.globalNotFound = true
  if (typeof config.output === 'string') facts.output = config.output
  if (typeof config.basePath === 'string') facts.basePath = config.basePath
  if (Array.isArray(config.pageExtensions)) {
    const extensions = config.pageExtensions.filter(item => typeof item === 'string')
    if (extensions.length > 0) facts.pageExtensions = extensions
  }
  if (typeof serverActions.bodySizeLimit === 'string' || typeof serverActions.bodySizeLimit === 'number') {
    facts.bodySizeLimit = serverActions.bodySizeLimit
  }
  return facts
}

function asObject(value: Literal | undefined): { [key: string]: Literal } {
  return typeof value === 'object' && !Array.isArray(value) ? value : {}
}

/** What the module exports, as far as it is literal. Later properties win, as they do in JavaScript. */
function evaluate(text: string): { [key: string]: Literal } {
  const { program } = parseSource('next.config.ts', text)
  const declared = declarations(program.body)
  const visiting = new Set<Node>()

  let steps = 0

  function literalOf(node: Node | null | undefined): Literal | undefined {
    if (!node || visiting.has(node) || ++steps > maxSteps) return undefined
    visiting.add(node)
    const value = unguarded(node)
    visiting.delete(node)
    return value
  }

  function unguarded(node: Node): Literal | undefined {
    switch (node.type) {
      case 'Literal': {
        const { value } = node
        return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
      }
      case 'TemplateLiteral':
        return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'ChainExpression':
        return literalOf(node.expression)
      case 'AwaitExpression':
        return literalOf(node.argument)
      case 'Identifier':
        return literalOf(declared.get(node.name))
      case 'ArrayExpression':
        return node.elements
          .map(item => literalOf(item?.type === 'SpreadElement' ? item.argument : item))
          .flatMap(item => item ?? [])
      case 'ObjectExpression':
        return objectOf(node)
      case 'ConditionalExpression':
        return eitherOf(literalOf(node.consequent), literalOf(node.alternate))
      case 'BinaryExpression':
      case 'LogicalExpression':
      case 'AssignmentExpression':
        return eitherOf(literalOf(node.left), literalOf(node.right))
      case 'CallExpression':
        return callOf(node)
      default:
        return isFunction(node) ? returnOf(node) : undefined
    }
  }

  function objectOf(node: ObjectExpression): Literal {
    const object: { [key: string]: Literal } = {}
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') Object.assign(object, asObject(literalOf(property.argument)))
      else if (property.kind === 'init' && !property.method && !property.computed) {
        const { key } = property
        const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : undefined
        if (typeof name === 'string') set(object, name, literalOf(property.value))
      }
    }
    return object
  }

  /** withX(config, options), withX(options)(config), compose([...], config): the first argument that is an object, but
   * never what an inner call was given, which are the plugin's own options. */
  function callOf(node: CallExpression): Literal | undefined {
    const callee: Node | undefined = node.callee.type === 'Identifier' ? declared.get(node.callee.name) : node.callee
    if (propertyOf(node.callee) === 'assign')
      return Object.assign({}, ...node.arguments.map(argument => asObject(literalOf(argument))))
    for (const argument of node.arguments) {
      const value = literalOf(argument)
      if (typeof value === 'object' && !Array.isArray(value)) return value
      // What follows a configuration that is not known are options of the wrapper.
      if (value === undefined) break
    }
    if (callee !== undefined && isFunction(callee)) return literalOf(callee)
    return undefined
  }

  function returnOf(node: FunctionLike): Literal | undefined {
    const { body } = node
    if (!body) return undefined
    if (body.type !== 'BlockStatement') return literalOf(body)
    for (const [name, declaration] of declarations(body.body)) if (!declared.has(name)) declared.set(name, declaration)
    let result: Literal | undefined
    const visit = (child: Node): void => {
      if (isFunction(child)) return
      if (child.type === 'ReturnStatement') result = eitherOf(result, literalOf(child.argument))
      else eachChild(child, visit)
    }
    eachChild(body, visit)
    return result
  }

  const exported = program.body.map(exportOf).find(node => node !== undefined)
  const config = asObject(literalOf(exported))
  return { ...config, ...assignments(program, literalOf) }
}

type FunctionLike = Extract<Node, { type: 'ArrowFunctionExpression' }> | FunctionNode

function isFunction(node: Node): node is FunctionLike {
  return /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration|TSDeclareFunction)$/.test(node.type)
}

/** Name of the property that `x.name` reads. */
function propertyOf(node: Node): string | undefined {
  return node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier'
    ? node.property.name
    : undefined
}

function eachChild(node: Node, visit: (child: Node) => void): void {
  for (const value of Object.values(node) as unknown[])
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof child === 'object' && child !== null && 'type' in child) visit(child as Node)
}

/** Of two possible values the first that is known; of two objects their union, with what the first says winning. */
function eitherOf(first: Literal | undefined, second: Literal | undefined): Literal | undefined {
  if (first === undefined || second === undefined) return first ?? second
  const bothObjects = [first, second].every(value => typeof value === 'object' && !Array.isArray(value))
  return bothObjects ? { ...asObject(second), ...asObject(first) } : first
}

function set(object: { [key: string]: Literal }, key: string, value: Literal | undefined): void {
  if (key === '__proto__') return
  if (value === undefined) delete object[key]
  else object[key] = value
}

function exportOf(statement: Node): Node | undefined {
  switch (statement.type) {
    case 'ExportDefaultDeclaration':
      return statement.declaration
    case 'TSExportAssignment':
      return statement.expression
    case 'ExportNamedDeclaration':
      return statement.specifiers.find(s => s.exported.type === 'Identifier' && s.exported.name === 'default')?.local
  }
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return undefined
  const { left, right, operator } = statement.expression
  if (operator !== '=' || left.type !== 'MemberExpression' || propertyOf(left) !== 'exports') return undefined
  return left.object.type === 'Identifier' && left.object.name === 'module' ? right : undefined
}

/** `nextConfig.output = 'export'` after the declaration, at the top level or in a condition. */
function assignments(program: Program, literalOf: (node: Node) => Literal | undefined): { [key: string]: Literal } {
  const found: { [key: string]: Literal } = {}
  const visit = (node: Node): void => {
    if (isFunction(node)) return
    if (node.type !== 'AssignmentExpression' || node.operator !== '=') {
      eachChild(node, visit)
      return
    }
    const { left } = node
    const name = propertyOf(left)
    if (name === undefined || left.type !== 'MemberExpression' || left.object.type !== 'Identifier') return
    if (/config/i.test(left.object.name) && name !== 'exports') set(found, name, literalOf(node.right))
  }
  visit(program)
  return found
}

/** Variables and functions by name. */
function declarations(block: readonly Node[]): Map<string, Node> {
  const found = new Map<string, Node>()
  for (const statement of block) {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (node?.type === 'FunctionDeclaration' && node.id) found.set(node.id.name, node)
    if (node?.type !== 'VariableDeclaration') continue
    for (const declaration of node.declarations)
      if (declaration.id.type === 'Identifier' && declaration.init) found.set(declaration.id.name, declaration.init)
  }
  return found
}
