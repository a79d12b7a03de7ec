import { createRequire } from 'node:module'
import type { ts as TypeScript } from 'ts-morph'
import type { NextConfigFacts, Report } from './workspace.ts'

type Compiler = typeof TypeScript
type Literal = string | number | boolean | Literal[] | { [key: string]: Literal }

/** In the order in which Next looks for them; .cjs is not among Next's own but is what its loaders accept. */
export const configNames = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.mts', 'next.config.cjs']

/** A configuration that names none of these says nothing that we use: the compiler need not be loaded for it. */
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
    return { file, ...factsOf(evaluate(loadCompiler(), text)) }
  } catch (error) {
    report({ message: `configuration was not understood: ${String(error)}`, file })
    return { file, cacheComponents: false }
  }
}

/** ts-morph takes 300 ms to load; most configurations do not need it, and this function must stay synchronous. */
function loadCompiler(): Compiler {
  const { ts } = createRequire(import.meta.url)('ts-morph') as typeof import('ts-morph')
  return ts
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
function evaluate(ts: Compiler, text: string): { [key: string]: Literal } {
  const source = ts.createSourceFile('next.config.ts', text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS)
  const declared = declarations(ts, source)
  const visiting = new Set<TypeScript.Node>()

  let steps = 0

  function literalOf(node: TypeScript.Node | undefined): Literal | undefined {
    if (node === undefined || visiting.has(node) || ++steps > maxSteps) return undefined
    visiting.add(node)
    const value = unguarded(node)
    visiting.delete(node)
    return value
  }

  function unguarded(node: TypeScript.Node): Literal | undefined {
    if (ts.isStringLiteralLike(node)) return node.text
    if (ts.isNumericLiteral(node)) return Number(node.text)
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return literalOf(node.expression)
    if (ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node) || ts.isAwaitExpression(node))
      return literalOf(node.expression)
    if (ts.isIdentifier(node)) return literalOf(declared.get(node.text))
    if (ts.isArrayLiteralExpression(node))
      return node.elements
        .map(item => literalOf(ts.isSpreadElement(item) ? item.expression : item))
        .flatMap(item => item ?? [])
    if (ts.isObjectLiteralExpression(node)) return objectOf(node)
    if (ts.isConditionalExpression(node)) return eitherOf(literalOf(node.whenTrue), literalOf(node.whenFalse))
    if (ts.isBinaryExpression(node)) return eitherOf(literalOf(node.left), literalOf(node.right))
    if (ts.isCallExpression(node)) return callOf(node)
    if (ts.isFunctionLike(node)) return returnOf(node as TypeScript.FunctionLikeDeclaration)
    return undefined
  }

  function objectOf(node: TypeScript.ObjectLiteralExpression): Literal {
    const object: { [key: string]: Literal } = {}
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) Object.assign(object, asObject(literalOf(property.expression)))
      else if (ts.isShorthandPropertyAssignment(property)) set(object, property.name.text, literalOf(property.name))
      else if (
        ts.isPropertyAssignment(property) &&
        (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
      )
        set(object, property.name.text, literalOf(property.initializer))
    }
    return object
  }

  /** withX(config, options), withX(options)(config), compose([...], config): the first argument that is an object, but
   * never what an inner call was given, which are the plugin's own options. */
  function callOf(node: TypeScript.CallExpression): Literal | undefined {
    const callee = ts.isIdentifier(node.expression) ? declared.get(node.expression.text) : node.expression
    if (ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'assign') {
      return Object.assign({}, ...node.arguments.map(argument => asObject(literalOf(argument))))
    }
    for (const argument of node.arguments) {
      const value = literalOf(argument)
      if (typeof value === 'object' && !Array.isArray(value)) return value
      // What follows a configuration that is not known are options of the wrapper.
      if (value === undefined) break
    }
    if (callee !== undefined && ts.isFunctionLike(callee)) return literalOf(callee)
    return undefined
  }

  function returnOf(node: TypeScript.FunctionLikeDeclaration): Literal | undefined {
    if (node.body === undefined) return undefined
    if (!ts.isBlock(node.body)) return literalOf(node.body)
    for (const [name, declaration] of declarations(ts, node.body)) {
      if (!declared.has(name)) declared.set(name, declaration)
    }
    let result: Literal | undefined
    const visit = (child: TypeScript.Node): void => {
      if (ts.isFunctionLike(child)) return
      if (ts.isReturnStatement(child)) result = eitherOf(result, literalOf(child.expression))
      else ts.forEachChild(child, visit)
    }
    ts.forEachChild(node.body, visit)
    return result
  }

  const exported = source.statements.map(statement => exportOf(ts, statement)).find(node => node !== undefined)
  const config = asObject(literalOf(exported))
  return { ...config, ...assignments(ts, source, literalOf) }
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

function exportOf(ts: Compiler, statement: TypeScript.Statement): TypeScript.Node | undefined {
  if (ts.isExportAssignment(statement)) return statement.expression
  if (ts.isFunctionDeclaration(statement)) {
    const isDefault = statement.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.DefaultKeyword)
    return isDefault ? statement : undefined
  }
  if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
    const asDefault = statement.exportClause.elements.find(element => element.name.text === 'default')
    return asDefault?.propertyName
  }
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined
  const { left, right, operatorToken } = statement.expression
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) return undefined
  if (!ts.isIdentifier(left.expression) || left.expression.text !== 'module' || left.name.text !== 'exports')
    return undefined
  return right
}

/** `nextConfig.output = 'export'` after the declaration, at the top level or in a condition. */
function assignments(
  ts: Compiler,
  source: TypeScript.SourceFile,
  literalOf: (node: TypeScript.Node) => Literal | undefined,
): { [key: string]: Literal } {
  const found: { [key: string]: Literal } = {}
  const visit = (node: TypeScript.Node): void => {
    if (ts.isFunctionLike(node)) return
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
      ts.forEachChild(node, visit)
      return
    }
    const { left } = node
    if (!ts.isPropertyAccessExpression(left) || !ts.isIdentifier(left.expression)) return
    if (/config/i.test(left.expression.text) && left.name.text !== 'exports')
      set(found, left.name.text, literalOf(node.right))
  }
  visit(source)
  return found
}

/** Variables and functions by name. */
function declarations(ts: Compiler, block: TypeScript.SourceFile | TypeScript.Block): Map<string, TypeScript.Node> {
  const found = new Map<string, TypeScript.Node>()
  for (const statement of block.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) found.set(statement.name.text, statement)
    if (!ts.isVariableStatement(statement)) continue
    for (const declaration of statement.declarationList.declarations) {
      if (ts.isIdentifier(declaration.name) && declaration.initializer)
        found.set(declaration.name.text, declaration.initializer)
    }
  }
  return found
}
