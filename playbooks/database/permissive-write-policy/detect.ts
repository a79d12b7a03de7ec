import type { SchemaPolicy, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, isTrue, ownTables, rolesOf } from '../../policies.ts'
import { at } from '../../shared.ts'

/** Policies that let a role of the Data API write any row. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  return ownTables(schema).flatMap(table =>
    activePolicies(table).flatMap(policy => {
      const open = openWrites(policy)
      const roles = rolesOf(policy).filter(role => role === 'public' || role === 'anon' || role === 'authenticated')
      if (!policy.permissive || open.length === 0 || roles.length === 0 || isRestricted(table, policy)) return []
      const who = roles.includes('public') || roles.includes('anon') ? 'anybody' : 'every signed-in user'
      const onlyInsert = open.length === 1 && open[0] === 'insert'
      return [
        {
          title: `The policy "${policy.name}" lets ${who} ${open.join(', ')} any row of \`${table.name}\``,
          location: at(policy.location.file, policy.location.line),
          evidence: [
            {
              text: `${policy.command} for ${roles.join(', ')} with the condition \`true\``,
              location: at(policy.location.file, policy.location.line),
            },
          ],
          object: `${table.schema}.${table.name} ${policy.name}`,
          severity: onlyInsert ? ('low' as const) : who === 'anybody' ? ('critical' as const) : ('high' as const),
          confidence: onlyInsert ? ('low' as const) : ('high' as const),
          security: true,
        },
      ]
    }),
  )
}

/** Commands for which nothing is asked. */
function openWrites(p: SchemaPolicy): ('insert' | 'update' | 'delete')[] {
  const using = isTrue(p.using)
  const check = p.withCheck === undefined ? using : isTrue(p.withCheck)
  if (p.command === 'insert') return isTrue(p.withCheck) ? ['insert'] : []
  if (p.command === 'update') return using && check ? ['update'] : []
  if (p.command === 'delete') return using ? ['delete'] : []
  if (p.command !== 'all' || !using) return []
  return check ? ['insert', 'update', 'delete'] : ['delete']
}

/** A restrictive policy for the same command narrows it again. */
function isRestricted(table: SchemaTable, policy: SchemaPolicy): boolean {
  return table.policies.some(
    p => !p.permissive && (p.command === 'all' || policy.command === 'all' || p.command === policy.command),
  )
}
