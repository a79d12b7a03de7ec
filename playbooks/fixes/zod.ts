import type { SchemaTable } from '../../tools/schema/model.ts'
import { type Script, ts } from './script.ts'

/** Writes a zod schema for a TypeScript type: exactly what the type lets through, within what the database takes. */

export interface ZodContext {
  /** Finds the declaration of a type by its name; undefined when it is not known or not the only one. */
  declaration: (name: string) => { script: Script; node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration } | undefined
  /** Tables that the values are written to. */
  tables: readonly SchemaTable[]
  quote: '"' | "'"
  indent: string
  newline: string
}

export type ZodText = { text: string } | { declined: string }

/** More levels than this is a type that refers to itself. */
const MAX_DEPTH = 6

/** Characters of one field: beyond this nobody reads it. */
const MAX_LINE = 240

export function zodOf(
  script: Script,
  type: ts.TypeNode | undefined,
  context: ZodContext,
  column?: string,
  depth = 0,
): ZodText {
  if (!type) return { declined: 'its type is not stated' }
  if (depth > MAX_DEPTH) return { declined: 'its type refers to itself' }
  if (ts.isParenthesizedTypeNode(type)) return zodOf(script, type.type, context, column, depth)
  if (ts.isArrayTypeNode(type))
    return wrapped('z.array', zodOf(script, type.elementType, context, undefined, depth + 1))
  if (ts.isTypeLiteralNode(type)) return objectOf(script, type.members, context, depth)
  if (ts.isUnionTypeNode(type)) return unionOf(script, type, context, column, depth)
  if (ts.isLiteralTypeNode(type)) return literalOf(script, type, context)
  if (ts.isTypeReferenceNode(type)) return referenceOf(script, type, context, column, depth)
  if (type.kind === ts.SyntaxKind.StringKeyword) return { text: `z.string()${limitsOf(context, column)}` }
  if (type.kind === ts.SyntaxKind.NumberKeyword) return { text: 'z.number()' }
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return { text: 'z.boolean()' }
  return { declined: `\`${type.getText(script.source).slice(0, 60)}\` says nothing that could be checked` }
}

function wrapped(by: string, inner: ZodText): ZodText {
  return 'declined' in inner ? inner : { text: `${by}(${inner.text})` }
}

function literalOf(script: Script, type: ts.LiteralTypeNode, { quote }: ZodContext): ZodText {
  if (ts.isStringLiteral(type.literal)) return { text: `z.literal(${quoted(type.literal.text, quote)})` }
  if (type.literal.kind === ts.SyntaxKind.NullKeyword) return { text: 'z.null()' }
  return { text: `z.literal(${type.literal.getText(script.source)})` }
}

function quoted(text: string, quote: string): string {
  return `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`
}

function unionOf(
  script: Script,
  type: ts.UnionTypeNode,
  context: ZodContext,
  column: string | undefined,
  depth: number,
): ZodText {
  const isNull = (t: ts.TypeNode): boolean => ts.isLiteralTypeNode(t) && t.literal.kind === ts.SyntaxKind.NullKeyword
  const nullable = type.types.some(isNull)
  const optional = type.types.some(t => t.kind === ts.SyntaxKind.UndefinedKeyword)
  const rest = type.types.filter(t => !isNull(t) && t.kind !== ts.SyntaxKind.UndefinedKeyword)
  const after = `${nullable ? '.nullable()' : ''}${optional ? '.optional()' : ''}`
  const words = rest.map(t => (ts.isLiteralTypeNode(t) && ts.isStringLiteral(t.literal) ? t.literal.text : undefined))
  if (rest.length > 1 && words.every(word => word !== undefined))
    return { text: `z.enum([${words.map(word => quoted(word, context.quote)).join(', ')}])${after}` }
  const inner = rest.map(t => zodOf(script, t, context, column, depth + 1))
  const refused = inner.find(one => 'declined' in one)
  if (refused) return refused
  const texts = inner.map(one => ('text' in one ? one.text : ''))
  return { text: `${texts.length === 1 ? texts[0] : `z.union([${texts.join(', ')}])`}${after}` }
}

function referenceOf(
  script: Script,
  type: ts.TypeReferenceNode,
  context: ZodContext,
  column: string | undefined,
  depth: number,
): ZodText {
  const name = type.typeName.getText(script.source)
  const [argument] = type.typeArguments ?? []
  if ((name === 'Array' || name === 'ReadonlyArray') && argument)
    return wrapped('z.array', zodOf(script, argument, context, undefined, depth + 1))
  if (name === 'Partial' && argument) {
    const inner = zodOf(script, argument, context, column, depth + 1)
    if ('declined' in inner) return inner
    return inner.text.startsWith('z.object(')
      ? { text: `${inner.text}.partial()` }
      : { declined: '`Partial` of something that is no object' }
  }
  if (type.typeArguments?.length)
    return { declined: `\`${type.getText(script.source).slice(0, 60)}\` is computed from other types` }
  const found = context.declaration(name)
  if (!found) return { declined: `the type \`${name}\` is not declared in one place of the app` }
  const { node } = found
  if (node.typeParameters?.length) return { declined: `\`${name}\` takes parameters` }
  if (ts.isTypeAliasDeclaration(node)) return zodOf(found.script, node.type, context, column, depth + 1)
  if (node.heritageClauses?.length) return { declined: `\`${name}\` extends another type` }
  return objectOf(found.script, node.members, context, depth)
}

function objectOf(script: Script, members: ts.NodeArray<ts.TypeElement>, context: ZodContext, depth: number): ZodText {
  const { newline, indent } = context
  const lines: string[] = []
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !(ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)))
      return { declined: `\`${member.getText(script.source).slice(0, 60)}\` says nothing that could be checked` }
    const key = member.name.text
    const inner = zodOf(script, member.type, context, key, depth + 1)
    if ('declined' in inner) return { declined: `\`${key}\`: ${inner.declined}` }
    const optional = member.questionToken && !inner.text.endsWith('.optional()') ? '.optional()' : ''
    lines.push(`${member.name.getText(script.source)}: ${inner.text}${optional}`)
  }
  if (lines.length === 0) return { declined: 'it has no fields' }
  if (lines.some(line => line.length > MAX_LINE))
    return { declined: 'its type is nested too deeply for one schema that can be reviewed' }
  if (depth > 1) return { text: `z.object({ ${lines.join(', ')} })` }
  return { text: `z.object({${newline}${lines.map(line => `${indent}${line},${newline}`).join('')}})` }
}

/** What the database itself takes in the column: a longer value is refused there, with an error that helps nobody. */
function limitsOf({ tables }: ZodContext, column: string | undefined): string {
  if (column === undefined) return ''
  for (const table of tables) {
    const found = table.columns.find(({ name }) => name === column || name === snake(column))
    if (!found) continue
    const varying = /^character varying\((\d+)\)|^varchar\((\d+)\)/.exec(found.type)
    const limit = varying?.[1] ?? varying?.[2]
    if (limit) return `.max(${limit})`
    for (const { expression } of table.checks ?? []) {
      const length = `\\(*\\s*(?:char_length|length|character_length)\\s*\\(\\s*\\(?${found.name}\\)?(?:::text)?\\s*\\)\\s*\\)*`
      // Only checks of this one thing: in a disjunction the limit may not hold.
      if (/\bor\b|\bnot\b|\bcase\b/i.test(expression)) continue
      const between = new RegExp(`${length}\\s*between\\s+(\\d+)\\s+and\\s+(\\d+)`, 'i').exec(expression)
      if (between) return `${Number(between[1]) > 0 ? `.min(${between[1]})` : ''}.max(${between[2]})`
      const upper = new RegExp(`${length}\\s*(<=?)\\s*(\\d+)`, 'i').exec(expression)
      const lower = new RegExp(`${length}\\s*(>=?)\\s*(\\d+)`, 'i').exec(expression)
      const min = lower ? Number(lower[2]) + (lower[1] === '>' ? 1 : 0) : 0
      if (upper) return `${min > 0 ? `.min(${min})` : ''}.max(${Number(upper[2]) - (upper[1] === '<' ? 1 : 0)})`
    }
  }
  return ''
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}
