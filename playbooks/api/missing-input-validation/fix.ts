import type { Endpoint } from '../../../tools/code/model.ts'
import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { changeFor } from '../../fixes/change.ts'
import { type Refusal, refusalFor } from '../../fixes/refusal.ts'
import { homeFor } from '../../fixes/schemahome.ts'
import {
  applyEdits,
  type Edit,
  endOf,
  importEdit,
  indentAt,
  indentOf,
  isDirective,
  newlineOf,
  openScript,
  quoteOf,
  type Script,
  ts,
} from '../../fixes/script.ts'
import { type ZodContext, zodOf } from '../../fixes/zod.ts'
import type { FixInput } from '../../playbook.ts'
import { endpointName, isWrite, tableOf } from '../../shared.ts'

/**
 * Parses what callers send with a schema made from the type that the code states, the way the app does it elsewhere: zod, its own
 * helper, its own answer. Whatever satisfies the type today still passes.
 */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const endpoint = input.code.endpoints.find(
    e =>
      e.kind !== 'procedure' &&
      e.file === finding.location.file &&
      e.line === finding.location.line &&
      finding.title.startsWith(`${endpointName(e)} uses`),
  )
  if (!endpoint) return { declined: 'the function is not known any more' }
  if (endpoint.opaque) return { declined: 'it is wrapped in code that cannot be seen into' }
  const app = input.code.apps.find(({ root }) => root === endpoint.app)
  if (!app?.dependencies.zod) return { declined: 'the app has no zod: which validator to use is a choice to make' }
  const script = openScript(endpoint.file, input.source(endpoint.file))
  const owner = script && functionOf(script, endpoint)
  if (!script || !owner?.body || !ts.isBlock(owner.body)) return { declined: `${endpoint.file} cannot be read` }
  const kind = endpoint.kind === 'handler' ? 'handler' : 'action'
  const entry = kind === 'action' ? parametersOf(script, owner) : bodyOf(script, owner)
  if (typeof entry === 'string') return { declined: entry }
  const refusal = refusalFor(input, script, owner, kind)
  if (!refusal) return { declined: `no ${kind} of this app refuses input in a way that fits this one` }
  return validated(finding, input, { endpoint, script, owner, entry, refusal })
}

type Owner = ts.FunctionLikeDeclaration

function functionOf({ source }: Script, { name, line }: Endpoint): Owner | undefined {
  for (const statement of source.statements) {
    const at = source.getLineAndCharacterOfPosition(statement.getStart(source)).line + 1
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name && at === line) return statement
    if (!ts.isVariableStatement(statement)) continue
    for (const { name: own, initializer } of statement.declarationList.declarations) {
      if (own.getText(source) !== name || !initializer) continue
      if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return initializer
    }
  }
  return undefined
}

/** What comes in, and how the code that follows reads it. */
interface Entry {
  /** Text that is handed to the parser. */
  given: string
  /** One schema for it, or one for each of several parameters. */
  fields: { name: string; type: ts.TypeNode | undefined; optional: boolean }[]
  single: boolean
  /** Where the check is put, and what it replaces. */
  at: { start: number; end: number }
  /** Written after the check. */
  after: (result: string) => string
  /** Uses of the parameters, and what each becomes. */
  uses: { node: ts.Identifier; becomes: (result: string) => string }[]
  /** Name of the type, for the schema's name. */
  typeName: string | undefined
}

function parametersOf(script: Script, owner: Owner): Entry | string {
  const { source } = script
  const body = owner.body as ts.Block
  const parameters = owner.parameters.filter(p => p.name.getText(source) !== 'this')
  if (parameters.length === 0) return 'it takes no parameters'
  const form = parameters.find(p => /\bFormData\b/.test(p.type?.getText(source) ?? ''))
  if (form) return 'the fields of a form are not stated anywhere: what valid callers send is not known'
  const names: string[] = []
  for (const parameter of parameters) {
    if (!ts.isIdentifier(parameter.name)) return 'a parameter is taken apart where it is declared'
    if (parameter.initializer || parameter.dotDotDotToken) return `\`${parameter.name.text}\` has a default of its own`
    names.push(parameter.name.text)
  }
  const uses = usesOf(body, names)
  if (typeof uses === 'string') return uses
  const single = parameters.length === 1
  const first = body.statements.find(s => !isDirective(s))
  const start = first ? first.getFullStart() : body.getStart(source) + 1
  const type = parameters[0]?.type
  return {
    given: single ? names[0]! : `{ ${names.join(', ')} }`,
    fields: parameters.map((p, i) => ({ name: names[i]!, type: p.type, optional: p.questionToken !== undefined })),
    single,
    at: { start, end: start },
    after: () => '',
    uses: uses.map(node => ({ node, becomes: result => (single ? `${result}.data` : `${result}.data.${node.text}`) })),
    typeName: single && type && ts.isTypeReferenceNode(type) ? type.typeName.getText(source) : undefined,
  }
}

/** Every use of the names in the body; why they cannot be replaced, when they cannot. */
function usesOf(body: ts.Block, names: readonly string[]): ts.Identifier[] | string {
  const uses: ts.Identifier[] = []
  let refused: string | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.includes(node.text)) {
      const { parent } = node
      const isKey =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node)
      const declares =
        (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)) &&
        parent.name === node
      if (declares) refused = `\`${node.text}\` is declared again inside`
      else if (
        ts.isBinaryExpression(parent) &&
        parent.left === node &&
        parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
      )
        refused = `\`${node.text}\` is assigned to`
      else if (!isKey && !(ts.isBindingElement(parent) && parent.propertyName === node)) uses.push(node)
    }
    ts.forEachChild(node, visit)
  }
  visit(body)
  return refused ?? uses
}

/** `const body: Type = await request.json()` or `(await request.json()) as Type`, directly in the handler's body. */
function bodyOf(script: Script, owner: Owner): Entry | string {
  const { source } = script
  const body = owner.body as ts.Block
  for (const statement of body.statements) {
    if (!ts.isVariableStatement(statement)) continue
    const [declaration, ...others] = statement.declarationList.declarations
    if (!declaration?.initializer || others.length > 0) continue
    const { initializer } = declaration
    const isCast = ts.isAsExpression(initializer)
    const call = (isCast ? initializer.expression : initializer).getText(source).replace(/^\((.*)\)$/s, '$1')
    if (!/^await \w+\.json\(\)$/.test(call)) continue
    const type = declaration.type ?? (isCast ? initializer.type : undefined)
    if (!type) return 'nothing says what the body looks like: what valid callers send is not known'
    const keyword = statement.getText(source).startsWith('let') ? 'let' : 'const'
    const end = script.text[statement.end - 1] === ';' ? ';' : ''
    return {
      given: call,
      fields: [{ name: 'body', type, optional: false }],
      single: true,
      at: { start: statement.getStart(source), end: statement.end },
      after: result => `${keyword} ${declaration.name.getText(source)} = ${result}.data${end}`,
      uses: [],
      typeName: ts.isTypeReferenceNode(type) ? type.typeName.getText(source) : undefined,
    }
  }
  return 'the body is not read where it could be replaced by what a schema lets through'
}

interface Parts {
  endpoint: Endpoint
  script: Script
  owner: Owner
  entry: Entry
  refusal: Refusal
}

function validated(finding: Finding, input: FixInput, { endpoint, script, owner, entry, refusal }: Parts): FixOutcome {
  const { text, source } = script
  const [newline, indent] = [newlineOf(text), indentOf(text)]
  if (new RegExp(`\\b${refusal.result}\\b`).test(owner.getText(source)))
    return { declined: `the name ${refusal.result} is taken in it` }
  const context: ZodContext = {
    declaration: declarations(input, script),
    tables: tablesOf(input, endpoint),
    quote: quoteOf(script),
    indent,
    newline,
  }
  const schema = schemaText(script, entry, context)
  if ('declined' in schema) return schema
  const name = schemaName(refusal, entry.typeName ?? endpoint.name)
  if (new RegExp(`\\b${name}\\b`).test(text)) return { declined: `the name ${name} is taken` }
  const declare = (exported: boolean): string =>
    `${exported ? 'export ' : ''}const ${name} = ${schema.text}${endOf(script)}`
  const home = homeFor(input, script, refusal, name, declare)
  if (typeof home === 'string') return { declined: home }
  const edits: Edit[] = [checkEdit(script, entry, refusal, name)]
  if (home.importing) edits.push(home.importing)
  if (!home.file) edits.push(inlineEdit(script, owner, declare(false)))
  for (const need of refusal.needs) {
    const edit = importEdit(script, need.name, need.module)
    if (edit === 'taken' && refusal.script.path !== script.path)
      return { declined: `the name ${need.name} is taken in this file` }
    if (edit && edit !== 'taken') edits.push(edit)
  }
  for (const { node, becomes } of entry.uses) {
    const shorthand = ts.isShorthandPropertyAssignment(node.parent)
    edits.push({
      start: node.getStart(source),
      end: node.end,
      text: shorthand ? `${node.text}: ${becomes(refusal.result)}` : becomes(refusal.result),
    })
  }
  return changeFor(finding, {
    object: `${endpoint.kind} ${endpoint.file} ${endpoint.name}`,
    title: `Validate what ${endpointName(endpoint)} is sent`,
    what: `Parses the input of \`${endpointName(endpoint)}\` with a schema made from the type that the code states, and uses its result from there on. It refuses the way \`${refusal.script.path}\` does.`,
    files: {
      [script.path]: applyEdits(text, merged(edits)),
      ...(home.file ? { [home.file.path]: home.file.text } : {}),
    },
    security:
      'Nothing is let through that was refused before: checks of who calls stay where they are, and keys that the schema does not name are dropped instead of being written. Whatever satisfies the stated type, and what the database takes, still passes.',
    verify: [
      'a wrong type, a missing field and an extra column are refused or dropped, not written',
      'the form still works with what its users really send',
    ],
    notVerified: [
      'Callers that send more or other fields than the stated type, against its word.',
      ...(/z\.string\(\)(?!\.(max|min))/.test(schema.text)
        ? ['A maximum length where neither the type nor the database states one: add what fits the field.']
        : []),
    ],
  })
}

function schemaText(script: Script, entry: Entry, context: ZodContext): { text: string } | { declined: string } {
  if (entry.single) {
    const field = entry.fields[0]!
    const one = zodOf(script, field.type, context, field.name)
    if ('declined' in one) return { declined: `\`${field.name}\`: ${one.declined}` }
    return field.optional ? { text: `${one.text}.optional()` } : one
  }
  const lines: string[] = []
  for (const { name, type, optional } of entry.fields) {
    const one = zodOf(script, type, context, name, 1)
    if ('declined' in one) return { declined: `\`${name}\`: ${one.declined}` }
    lines.push(`${name}: ${one.text}${optional ? '.optional()' : ''}`)
  }
  const { newline, indent } = context
  return { text: `z.object({${newline}${lines.map(line => `${indent}${line},${newline}`).join('')}})` }
}

function schemaName({ schema }: Refusal, base: string): string {
  const stem = base.replace(/Schema$/i, '')
  const upper = /^[A-Z]/.test(schema)
  const first = upper ? stem.charAt(0).toUpperCase() : stem.charAt(0).toLowerCase()
  return `${first}${stem.slice(1)}Schema`
}

/** The check in the app's own words, indented as its place is. */
function checkEdit({ text, source }: Script, { at, given, after }: Entry, refusal: Refusal, name: string): Edit {
  const newline = newlineOf(text)
  const first = at.start === at.end ? (/\S/.exec(text.slice(at.start))?.index ?? 0) + at.start : at.start
  const indent = indentAt(text, first) || indentOf(text)
  const theirs = indentAt(refusal.script.text, refusal.script.text.indexOf(refusal.leave))
  const leave = refusal.leave
    .split(/\r?\n/)
    .map((line, i) => (i > 0 && line.startsWith(theirs) ? indent + line.slice(theirs.length) : line))
  const end = endOf({ text, source, path: '' })
  const call = refusal.call.replace('\u0001', () => name).replace('\u0002', () => given)
  const lines = [`const ${refusal.result} = ${call}${end}`, ...leave, after(refusal.result)].filter(line => line !== '')
  if (at.start !== at.end)
    return {
      ...at,
      text: lines.join(`${newline}${indent}`).replaceAll(`${newline}${indent}${indent}`, `${newline}${indent}`),
    }
  return {
    ...at,
    text: lines
      .map((line, i) => `${newline}${i > 0 && i < lines.length && leave.indexOf(line) > 0 ? line : indent + line}`)
      .join(''),
  }
}

/** Before the function and its comment. */
function inlineEdit({ text, source }: Script, owner: Owner, declaration: string): Edit {
  let statement: ts.Node = owner
  while (!ts.isSourceFile(statement.parent)) statement = statement.parent
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? []
  const own = comments.findLast((_, i) => i === 0 || /\n\s*\n/.test(text.slice(comments[i - 1]!.end, comments[i]!.pos)))
  const attached = own && !/\n\s*\n/.test(text.slice(comments.at(-1)!.end, statement.getStart(source)))
  const start = attached ? own.pos : statement.getStart(source)
  const newline = newlineOf(text)
  return { start, end: start, text: `${declaration}${newline}${newline}` }
}

/** Insertions at one place become one, in their order. */
function merged(edits: readonly Edit[]): Edit[] {
  const out: Edit[] = []
  for (const edit of edits) {
    const same = out.find(other => other.start === edit.start && other.end === edit.end && edit.start === edit.end)
    if (same) same.text += edit.text
    else out.push({ ...edit })
  }
  return out
}

/** Types by their name: of the file itself, else the only one of the app. */
function declarations(input: FixInput, script: Script): ZodContext['declaration'] {
  return name => {
    const own = declared(script, name)
    if (own) return own
    const word = new RegExp(`\\b(?:interface|type)\\s+${name}\\b`)
    const homes = input.files.filter(path => word.test(input.source(path) ?? ''))
    const [path] = homes
    const home = homes.length === 1 && path !== undefined ? openScript(path, input.source(path)) : undefined
    return home && declared(home, name)
  }
}

function declared(script: Script, name: string): ReturnType<ZodContext['declaration']> {
  const found = script.source.statements.filter(
    (s): s is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      (ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s)) && s.name.text === name,
  )
  return found.length === 1 ? { script, node: found[0]! } : undefined
}

function tablesOf({ schema }: FixInput, { effects }: Endpoint): ZodContext['tables'] {
  return effects.flatMap(({ effect }) =>
    effect.k === 'access' && isWrite(effect.draft.op) ? (tableOf(schema, effect.draft) ?? []) : [],
  )
}
