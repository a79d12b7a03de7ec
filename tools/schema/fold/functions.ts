import type { AlterFunctionStmt, CreateFunctionStmt, DefElem, Node, ObjectWithArgs } from 'libpg-query'
import type { SchemaFunction } from '../model.ts'
import { constantText, itemsOf, qualified, signatureType, stringOf, stringsOf, typeText } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { findKeywords } from '../sql/spans.ts'
import { type Catalog, creationSchema, extent } from './catalog.ts'

const VOLATILITIES: readonly string[] = ['volatile', 'stable', 'immutable'] satisfies SchemaFunction['volatility'][]

export function createFunction(catalog: Catalog, statement: ParsedStatement, stmt: CreateFunctionStmt): void {
  const { schema = creationSchema(catalog), name } = qualified(stmt.funcname)
  const parameters = (stmt.parameters ?? []).flatMap(node =>
    'FunctionParameter' in node ? [node.FunctionParameter] : [],
  )
  const inputs = parameters.filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE')
  const isTable = parameters.some(({ mode }) => mode === 'FUNC_PARAM_TABLE')
  const created: SchemaFunction = {
    schema,
    name,
    language: stmt.sql_body ? 'sql' : 'unknown',
    volatility: 'volatile',
    securityDefiner: false,
    returnsSet: isTable || stmt.returnType?.setof === true,
    body: stmt.sql_body ? atomicBody(statement.sql) : '',
    location: extent(statement),
    arguments: inputs.map(({ name: argument, argType, defexpr }) => ({
      ...(argument && { name: argument }),
      type: signatureType(argType),
      hasDefault: defexpr !== undefined,
    })),
    returns: isTable ? 'table' : typeText(stmt.returnType),
    kind: stmt.is_procedure ? 'procedure' : 'function',
  }
  for (const node of stmt.options ?? []) if ('DefElem' in node) applyOption(created, node.DefElem)
  const key = functionKey(
    schema,
    name,
    created.arguments!.map(({ type }) => type),
  )
  if (catalog.functions.has(key) && !stmt.replace) return
  catalog.functions.delete(key)
  catalog.functions.set(key, created)
}

function applyOption(target: SchemaFunction, option: DefElem): void {
  const { defname, arg } = option
  if (defname === 'language') target.language = (stringOf(arg) ?? 'unknown').toLowerCase()
  if (defname === 'as') target.body = stringsOf(itemsOf(arg))[0] ?? ''
  if (defname === 'security') target.securityDefiner = flag(arg)
  if (defname === 'volatility') {
    const text = stringOf(arg) ?? ''
    if (VOLATILITIES.includes(text)) target.volatility = text as SchemaFunction['volatility']
  }
  if (defname !== 'set' || !arg || !('VariableSetStmt' in arg)) return
  const { kind, name = '', args } = arg.VariableSetStmt
  const value = (args ?? []).map(node => constantText(node) ?? '').join(', ')
  if (name === 'search_path') target.searchPath = kind === 'VAR_SET_VALUE' ? value : undefined
  else target.settings = { ...target.settings, [name]: value }
}

function flag(arg: Node | undefined): boolean {
  return arg !== undefined && 'Boolean' in arg && arg.Boolean.boolval === true
}

/** Body of a function in the SQL-standard form: `BEGIN ATOMIC … END` or `RETURN …`. */
function atomicBody(sql: string): string {
  const start = findKeywords(sql, ['BEGIN', 'ATOMIC'])?.start ?? findKeywords(sql, ['RETURN'])?.start
  return start === undefined ? sql : sql.slice(start).trim()
}

export function functionKey(schema: string, name: string, types: string[]): string {
  return `${schema}.${name}(${types.join(',')})`
}

/** Keys of the functions that a reference names: one signature, or all overloads when it gives no arguments. */
export function matchingFunctions(catalog: Catalog, reference: ObjectWithArgs): string[] {
  const { schema, name } = qualified(reference.objname)
  const schemas = schema ? [schema] : catalog.searchPath
  const types = (reference.objargs ?? []).map(node => ('TypeName' in node ? signatureType(node.TypeName) : ''))
  const prefixes = schemas.map(candidate => `${candidate}.${name}(`)
  const overloads = [...catalog.functions.keys()].filter(key => prefixes.some(prefix => key.startsWith(prefix)))
  if (reference.args_unspecified) return overloads
  return overloads.filter(key => schemas.some(candidate => key === functionKey(candidate, name, types)))
}

export function alterFunction(catalog: Catalog, stmt: AlterFunctionStmt): void {
  for (const key of matchingFunctions(catalog, stmt.func ?? {})) {
    const target = catalog.functions.get(key)
    for (const node of stmt.actions ?? []) if (target && 'DefElem' in node) applyOption(target, node.DefElem)
  }
}
