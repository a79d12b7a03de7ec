import type { SchemaPolicy, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, isFalse, isTrue, ownTables, rolesOf } from '../../policies.ts'
import { at, isReferenceTable } from '../../shared.ts'

const COMMANDS = ['select', 'insert', 'update', 'delete'] as const
type Command = (typeof COMMANDS)[number]
const API_ROLES = ['anon', 'authenticated'] as const

/** Tables where one command of one role is decided by several permissive policies: all of them are evaluated. */
export function detect(input: DetectInput): DetectedFinding[] {
  return ownTables(input.schema).flatMap(table => {
    const overlaps = overlapsOf(table)
    const last = overlaps[0]?.policies.at(-1)
    if (!last) return []
    const small = isReferenceTable(input, { table: table.name, schema: table.schema })
    const onSelect = overlaps.some(o => o.command === 'select')
    return [
      {
        title: `\`${table.name}\` has several permissive policies for the same role and command (${overlaps.map(o => `${o.command}: ${o.roles.join(', ')}`).join('; ')})`,
        location: at(last.location.file, last.location.line),
        evidence: overlaps.flatMap(o =>
          o.policies.map(p => ({
            text: `"${p.name}" is evaluated for ${o.command} by ${o.roles.join(' and ')}`,
            location: at(p.location.file, p.location.line),
          })),
        ),
        object: `${table.schema}.${table.name}`,
        severity: small || !onSelect ? ('low' as const) : ('medium' as const),
        confidence: 'high' as const,
      },
    ]
  })
}

export interface Overlap {
  command: Command
  roles: string[]
  policies: SchemaPolicy[]
}

export function overlapsOf(table: SchemaTable): Overlap[] {
  return COMMANDS.flatMap(command => {
    const byRole = API_ROLES.map(role => ({ role, policies: policiesFor(table, command, role) })).filter(
      ({ policies }) => policies.length > 1,
    )
    const [first] = byRole
    if (!first) return []
    const policies = [...new Set(byRole.flatMap(r => r.policies))]
    return [{ command, roles: byRole.map(r => r.role), policies }]
  })
}

/** Those that cost something to evaluate: a constant is folded away. */
function policiesFor(table: SchemaTable, command: Command, role: string): SchemaPolicy[] {
  const all = activePolicies(table).filter(
    p =>
      p.permissive &&
      (p.command === 'all' || p.command === command) &&
      rolesOf(p).some(r => r === 'public' || r === role),
  )
  const texts = all.map(p => (command === 'insert' ? (p.withCheck ?? p.using) : p.using))
  // `true` decides alone; `false` adds nothing.
  if (texts.some(isTrue)) return []
  return all.filter((_, i) => !isFalse(texts[i]))
}
