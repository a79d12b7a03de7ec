import type { GateReason } from '../verdict.ts'
import { and, FALSE, type Formula, formulaOf, implies, needsUser, or } from './expression.ts'
import type { Policy, Snapshot } from './snapshot.ts'

const COMMANDS = ['select', 'insert', 'update', 'delete'] as const
type Command = (typeof COMMANDS)[number]

interface Read {
  policy: Policy
  using: Formula | undefined
  check: Formula | undefined
}

/**
 * What the policies of a table let each role do, as one formula per command, before and after: whoever rewrites, merges or splits
 * policies may, as long as every row that is open afterwards was open before. What structure does not prove counts as wider.
 */
export async function comparePolicies(before: Snapshot, after: Snapshot): Promise<GateReason[]> {
  const reasons: GateReason[] = []
  for (const [table, relation] of after.relations) {
    const known = before.relations.get(table)
    if (!relation.rls && !known?.rls) continue
    const now = await readPolicies(after, table)
    if (!known) {
      reasons.push(...newTable(table, now))
      continue
    }
    const then = await readPolicies(before, table)
    if (!known.rls || !relation.rls) continue
    reasons.push(...wider(table, then, now), ...lost(table, then, now))
  }
  return reasons
}

async function readPolicies(snapshot: Snapshot, table: string): Promise<Read[]> {
  const own = snapshot.policies.filter(policy => policy.table === table)
  return Promise.all(
    own.map(async policy => ({
      policy,
      using: policy.using === null ? undefined : await formulaOf(policy.using, table),
      check: policy.check === null ? undefined : await formulaOf(policy.check, table),
    })),
  )
}

/** The expression that decides for a command: `new` for rows that are written, else for rows that are there. */
function expressionFor(read: Read, command: Command, written: boolean): Formula | undefined {
  const { policy } = read
  const parsed = (text: string | null, formula: Formula | undefined) =>
    text === null ? undefined : (formula ?? ({ op: 'leaf', key: `unparsed ${text}`, calls: [] } satisfies Formula))
  const using = parsed(policy.using, read.using)
  const check = parsed(policy.check, read.check)
  if (!written) return using ?? (command === 'insert' ? undefined : { op: 'true' })
  return check ?? using ?? { op: 'true' }
}

function applies({ policy }: Read, role: string, command: Command): boolean {
  return (
    (policy.command === 'all' || policy.command === command) &&
    (policy.roles.includes('public') || policy.roles.includes(role))
  )
}

function effective(reads: Read[], role: string, command: Command, written: boolean): Formula {
  const of = (permissive: boolean) =>
    reads
      .filter(read => read.policy.permissive === permissive && applies(read, role, command))
      .flatMap(read => expressionFor(read, command, written) ?? [])
      .map(formula => (role === 'anon' && needsUser(formula) ? FALSE : formula))
  return and([or(of(true)), ...of(false)])
}

function wider(table: string, then: Read[], now: Read[]): GateReason[] {
  const reasons = new Map<string, GateReason>()
  for (const role of rolesOf([...then, ...now])) {
    for (const command of COMMANDS) {
      for (const written of command === 'insert' ? [true] : command === 'update' ? [false, true] : [false]) {
        const was = effective(then, role, command, written)
        const is = effective(now, role, command, written)
        if (implies(is, was)) continue
        const culprit = culpritOf(then, now, role, command, written, was)
        const same = culprit && then.find(({ policy }) => policy.name === culprit.policy.name)
        const object = culprit ? `policy ${JSON.stringify(culprit.policy.name)} on ${table}` : `policies of ${table}`
        const rule = culprit && !same ? 'policy-added' : 'policy-wider'
        if (reasons.has(`${rule} ${object}`)) continue
        reasons.set(`${rule} ${object}`, {
          rule,
          object,
          evidence: `${command} by ${role}: ${same ? describe(same.policy) : then.length > 0 ? summary(then, role, command) : 'no policy'} → ${culprit ? describe(culprit.policy) : 'a restriction is gone'}`,
        })
      }
    }
  }
  return [...reasons.values()]
}

function culpritOf(
  then: Read[],
  now: Read[],
  role: string,
  command: Command,
  written: boolean,
  was: Formula,
): Read | undefined {
  const guilty = now.filter(read => {
    if (!read.policy.permissive || !applies(read, role, command)) return false
    const expression = expressionFor(read, command, written)
    return expression !== undefined && !implies(expression, was)
  })
  const known = new Set(then.map(({ policy }) => JSON.stringify(policy)))
  const changed = guilty.filter(({ policy }) => !known.has(JSON.stringify(policy)))
  if (changed.length > 0) return changed[0]
  // Unchanged permissive policies: a restrictive one that stood before them went or was loosened.
  return now.find(({ policy }) => !policy.permissive && !known.has(JSON.stringify(policy)))
}

function summary(then: Read[], role: string, command: Command): string {
  const own = then.filter(read => applies(read, role, command))
  return own.length === 0 ? `no policy for ${command}` : own.map(({ policy }) => describe(policy)).join('; ')
}

export function describe(policy: Policy): string {
  const parts = [policy.permissive ? '' : 'restrictive', `for ${policy.command} to ${policy.roles.join(', ')}`]
  if (policy.using !== null) parts.push(`using ${policy.using}`)
  if (policy.check !== null) parts.push(`with check ${policy.check}`)
  return parts.filter(Boolean).join(' ')
}

function rolesOf(reads: Read[]): string[] {
  return [...new Set(['anon', 'authenticated', 'public', ...reads.flatMap(({ policy }) => policy.roles)])].filter(
    role => role !== 'postgres' && role !== 'service_role' && !role.startsWith('supabase_'),
  )
}

/** A permissive policy that leaves nothing in its place: people lose what they could do. */
function lost(table: string, then: Read[], now: Read[]): GateReason[] {
  const reasons: GateReason[] = []
  for (const read of then) {
    const { policy } = read
    if (!policy.permissive || policy.roles.every(role => role === 'service_role' || role === 'postgres')) continue
    for (const command of policy.command === 'all' ? COMMANDS : [policy.command]) {
      const written = command === 'insert'
      const was = expressionFor(read, command, written)
      if (was === undefined || was.op === 'false') continue
      const kept = now.some(candidate => {
        if (!candidate.policy.permissive || !sharesRole(policy, candidate.policy)) return false
        if (candidate.policy.command !== 'all' && candidate.policy.command !== command) return false
        const is = expressionFor(candidate, command, written)
        return is !== undefined && is.op !== 'false' && (implies(is, was) || implies(was, is))
      })
      if (kept) continue
      reasons.push({
        rule: 'policy-lost',
        object: `policy ${JSON.stringify(policy.name)} on ${table}`,
        evidence: `${command}: ${describe(policy)} → nothing in its place`,
      })
      break
    }
  }
  return reasons
}

function sharesRole(a: Policy, b: Policy): boolean {
  return a.roles.includes('public') || b.roles.includes('public') || a.roles.some(role => b.roles.includes(role))
}

/** A new table starts with nothing: its policies must at least ask who is there. */
function newTable(table: string, now: Read[]): GateReason[] {
  return now.flatMap(read => {
    const { policy } = read
    if (!policy.permissive || !policy.roles.some(role => ['public', 'anon', 'authenticated'].includes(role))) return []
    const open = COMMANDS.some(command => {
      if (policy.command !== 'all' && policy.command !== command) return false
      const expression = expressionFor(read, command, command === 'insert')
      return expression !== undefined && !needsUser(expression)
    })
    if (!open) return []
    return [
      {
        rule: 'policy-added',
        object: `policy ${JSON.stringify(policy.name)} on ${table}`,
        evidence: `new table, open to everybody: ${describe(policy)}`,
      },
    ]
  })
}
