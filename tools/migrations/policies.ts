import type { SchemaModel, SchemaPolicy, SchemaTable } from '../schema/model.ts'
import { needsUser, sameExpression, wrapCalls } from './expression.ts'
import { findTable } from './indexes.ts'
import type { AlterPolicyRequest, MergePoliciesRequest, PartOutcome } from './model.ts'
import { fits, identifier, qualifiedName, snake, splitName } from './quote.ts'

/** Migrations that rewrite row-level security without changing who sees what. */

const PREDEFINED = new Set(['public', 'current_user', 'session_user', 'current_role'])

function roleList(roles: readonly string[]): string {
  const list = roles.length > 0 ? roles : ['public']
  return list.map(role => (PREDEFINED.has(role) ? role : identifier(role))).join(', ')
}

export function alterPolicy(request: AlterPolicyRequest, schema: SchemaModel): PartOutcome {
  const table = findTable(schema, request.table)
  const policy = table?.policies.find(({ name }) => name === request.policy)
  if (!table || !policy) return { declined: `${request.table} has no policy "${request.policy}"` }
  const changing = changingFunction(schema, request.alsoWrap ?? [])
  if (changing) return { declined: oncePerStatement(changing) }
  const edit = (text: string | undefined): string | undefined =>
    text === undefined || !request.wrap ? text : wrapCalls(text, request.alsoWrap)
  const using = edit(policy.using)
  const withCheck = edit(policy.withCheck)
  const roles = request.roles ?? policy.roles
  const rolesChange = roleList(roles) !== roleList(policy.roles)
  if (rolesChange) {
    const refusal = widening(policy, roles)
    if (refusal) return { declined: refusal }
  }
  if (using === policy.using && withCheck === policy.withCheck && !rolesChange) {
    return { declined: `"${policy.name}" on ${request.table} is already written that way` }
  }
  const head = `alter policy ${identifier(policy.name)} on ${qualifiedName(request.table)}`
  const statement = (to: readonly string[], u: string | undefined, c: string | undefined): string =>
    [
      head,
      ...(rolesChange ? [`  to ${roleList(to)}`] : []),
      ...(using !== policy.using && u !== undefined ? [`  using ${inParentheses(u)}`] : []),
      ...(withCheck !== policy.withCheck && c !== undefined ? [`  with check ${inParentheses(c)}`] : []),
    ].join('\n')
  return {
    slug: `${request.wrap ? 'wrap_auth_calls' : 'policy_roles'}_${snake(splitName(request.table).bare, 30)}`,
    transactional: true,
    locks: true,
    up: [statement(roles, using, withCheck)],
    down: [statement(policy.roles, policy.using, policy.withCheck)],
    comment: [],
    notes: [],
  }
}

/** Why the new roles are not merely a narrowing that nobody can notice. */
function widening(policy: SchemaPolicy, roles: readonly string[]): string | undefined {
  const before = policy.roles.length > 0 ? policy.roles : ['public']
  if (before.join() !== 'public' || roles.join() !== 'authenticated') {
    return `only a policy for everybody is narrowed, and only to authenticated; "${policy.name}" is for ${before.join(', ')}`
  }
  if (!policy.permissive) return `"${policy.name}" is restrictive: for fewer roles it would restrict fewer`
  const expressions = [policy.using, policy.withCheck].filter(text => text !== undefined)
  if (expressions.length === 0 || !expressions.every(needsUser)) {
    return `"${policy.name}" may be true for guests: naming authenticated would take something from them`
  }
  return undefined
}

function oncePerStatement(name: string): string {
  return `${name} changes data or gives another answer at each call: it cannot be called once`
}

/** One of the functions that is not safe to call once instead of for every row. */
function changingFunction(schema: SchemaModel, names: readonly string[]): string | undefined {
  return names.find(name => {
    const { schema: own, bare } = splitName(name)
    const found = schema.functions.filter(f => f.name === bare && (f.schema === own || !name.includes('.')))
    return (
      found.length === 0 ||
      found.some(f =>
        /\b(insert\s+into|update\s+\S+\s+set|delete\s+from|nextval|random\s*\(|clock_timestamp|gen_random_uuid)\b/i.test(
          f.body,
        ),
      )
    )
  })
}

const COMMANDS = ['select', 'insert', 'update', 'delete'] as const
type Command = (typeof COMMANDS)[number]

export function mergePolicies(request: MergePoliciesRequest, schema: SchemaModel): PartOutcome {
  const table = findTable(schema, request.table)
  if (!table) return { declined: `${request.table} is not in the schema` }
  const policies = table.policies.filter(({ name }) => request.policies.includes(name))
  const edit = (text: string): string => (request.wrap ? wrapCalls(text, request.alsoWrap) : text)
  const changing = changingFunction(schema, request.alsoWrap ?? [])
  if (changing) return { declined: oncePerStatement(changing) }
  const refusal = unmergeable(request, policies)
  if (refusal) return { declined: refusal }
  const on = qualifiedName(request.table)
  const taken = new Set(table.policies.map(({ name }) => name).filter(name => !request.policies.includes(name)))
  const created: { name: string; statement: string }[] = []
  const touched = new Set<SchemaPolicy>()
  const pieces = COMMANDS.map(command => ({
    command,
    deciding: policies.filter(policy => policy.command === command || policy.command === 'all'),
  }))
  const split = new Set(pieces.filter(({ deciding }) => deciding.length > 1).flatMap(({ deciding }) => deciding))
  for (const { command, deciding } of pieces) {
    const rewritten = deciding.filter(policy => split.has(policy) && (deciding.length > 1 || policy.command === 'all'))
    if (rewritten.length === 0) continue
    for (const policy of rewritten) touched.add(policy)
    const name = nameFor(table, command, rewritten, taken)
    taken.add(name)
    created.push({ name, statement: creation(name, on, command, deciding, edit) })
  }
  const drop = (name: string): string => `drop policy if exists ${identifier(name)} on ${on}`
  const originals = [...touched]
  return {
    slug: `merge_policies_${snake(table.name, 40)}`,
    transactional: true,
    locks: true,
    up: [
      ...new Set([...originals.map(({ name }) => drop(name)), ...created.map(({ name }) => drop(name))]),
      ...created.map(({ statement }) => statement),
    ],
    down: [
      ...new Set([...created.map(({ name }) => drop(name)), ...originals.map(({ name }) => drop(name))]),
      ...originals.map(policy => originalOf(policy, on)),
    ],
    comment: [
      'Who sees, adds, changes and deletes which rows stays the same: permissive policies are joined by OR either way.',
    ],
    notes: [],
  }
}

function unmergeable(request: MergePoliciesRequest, policies: readonly SchemaPolicy[]): string | undefined {
  const missing = request.policies.find(name => !policies.some(policy => policy.name === name))
  if (missing !== undefined) return `${request.table} has no policy "${missing}"`
  if (policies.length < 2) return 'it takes two policies to merge'
  const restrictive = policies.find(policy => !policy.permissive)
  if (restrictive) return `"${restrictive.name}" is restrictive: it is joined by AND`
  const roles = new Set(
    policies.map(policy => [...(policy.roles.length > 0 ? policy.roles : ['public'])].sort().join(', ')),
  )
  if (roles.size > 1) return `they are for different roles (${[...roles].join('; ')}): one policy cannot stand for both`
  const silent = policies.find(p => (p.command === 'insert' ? p.withCheck : p.using) === undefined)
  if (silent) return `"${silent.name}" has no expression of its own to join`
  const overlaps = COMMANDS.some(c => policies.filter(p => p.command === c || p.command === 'all').length > 1)
  return overlaps ? undefined : 'no command is decided by two of them'
}

/** A comment at the end of the text must not swallow the parenthesis. */
function inParentheses(text: string): string {
  return text.includes('--') ? `(${text}\n)` : `(${text})`
}

/** One expression is kept as it is; several equal ones are said once. */
function joined(texts: readonly string[]): string {
  const distinct = texts.filter((text, i) => !texts.slice(0, i).some(earlier => sameExpression(earlier, text)))
  return distinct.length === 1 ? (distinct[0] ?? '') : distinct.map(inParentheses).join('\n    or ')
}

function creation(
  name: string,
  on: string,
  command: Command,
  deciding: readonly SchemaPolicy[],
  edit: (text: string) => string,
): string {
  const using = deciding.flatMap(policy => policy.using ?? [])
  // A policy without WITH CHECK is checked by its USING.
  const check = deciding.flatMap(policy => policy.withCheck ?? policy.using ?? [])
  const isOwnCheck = command === 'insert' || (command === 'update' && deciding.some(p => p.withCheck !== undefined))
  return [
    `create policy ${identifier(name)} on ${on}`,
    `  for ${command} to ${roleList(deciding[0]?.roles ?? [])}`,
    ...(command === 'insert' ? [] : [`  using ${inParentheses(edit(joined(using)))}`]),
    ...(isOwnCheck ? [`  with check ${inParentheses(edit(joined(check)))}`] : []),
  ].join('\n')
}

function originalOf(policy: SchemaPolicy, on: string): string {
  return [
    `create policy ${identifier(policy.name)} on ${on}`,
    `  for ${policy.command} to ${roleList(policy.roles)}`,
    ...(policy.using === undefined ? [] : [`  using ${inParentheses(policy.using)}`]),
    ...(policy.withCheck === undefined ? [] : [`  with check ${inParentheses(policy.withCheck)}`]),
  ].join('\n')
}

/** What the originals were called, as far as it fits into a name and says what the new one does. */
function nameFor(table: SchemaTable, command: Command, from: readonly SchemaPolicy[], taken: Set<string>): string {
  const together = from.map(({ name }) => name).join(' or ')
  const only = from.length === 1 ? `${from[0]?.name} (${command})` : together
  const candidates = [only, `${table.name} ${command}`]
  for (let n = 2; n < 20; n += 1) candidates.push(`${table.name} ${command} ${n}`)
  return candidates.find(name => fits(name) && !taken.has(name)) ?? `${table.name.slice(0, 40)} ${command} merged`
}
