import type { SchemaModel, SchemaPolicy, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, expressionsOf, findTable, ownTables, rolesOf } from '../../policies.ts'
import { at } from '../../shared.ts'
import { isSelect, type SqlNode, selectsIn, sqlTree } from '../../sql.ts'

/**
 * Policies whose evaluation leads back to their own table. PostgreSQL refuses such a statement ("infinite recursion
 * detected in policy"): it expands the policies for SELECT of every table that a policy's sub-select names.
 */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema) return []
  return ownTables(schema).flatMap(table =>
    activePolicies(table).flatMap(policy => {
      const path = wayBack(schema, table, policy)
      if (!path) return []
      const direct = path.length === 1
      const through = path.slice(0, -1).map(t => `\`${t.name}\``)
      return [
        {
          title: direct
            ? `The policy "${policy.name}" on \`${table.name}\` selects from \`${table.name}\` itself: every ${statementOf(policy)} fails with infinite recursion`
            : `The policies of \`${table.name}\` and ${through.join(', ')} select from each other: statements fail with infinite recursion`,
          location: at(policy.location.file, policy.location.line),
          evidence: [
            {
              text: `the sub-select reads ${path.map(t => `\`${t.name}\``).join(', whose policies read ')}, under row-level security`,
              location: at(policy.location.file, policy.location.line),
            },
          ],
          object: `${table.schema}.${table.name} ${policy.name}`,
          confidence: direct ? ('high' as const) : ('medium' as const),
        },
      ]
    }),
  )
}

function statementOf({ command }: SchemaPolicy): string {
  return command === 'all' ? 'statement' : command
}

/** Tables from the policy's sub-select back to its own table; undefined when there is no way. */
function wayBack(schema: SchemaModel, table: SchemaTable, policy: SchemaPolicy): SchemaTable[] | undefined {
  const start = expressionsOf(policy).flatMap(tree => tablesRead(schema, tree))
  // Reading the table again expands its policies for reading: they must hold a sub-select of their own.
  if (start.includes(table)) return readPolicies(table, [policy]).some(hasSelect) ? [table] : undefined
  const queue = [...new Set(start)].map(t => [t])
  const seen = new Set(start)
  while (queue.length > 0) {
    const path = queue.shift() ?? []
    const last = path.at(-1)
    if (!last || path.length > 4) continue
    const next = readPolicies(last, [policy]).flatMap(p => (p.using === undefined ? [] : [sqlTree(p.using)]))
    for (const to of new Set(next.flatMap(tree => tablesRead(schema, tree)))) {
      if (to === table) return readPolicies(table, [policy]).some(hasSelect) ? [...path, table] : undefined
      if (seen.has(to)) continue
      seen.add(to)
      queue.push([...path, to])
    }
  }
  return undefined
}

/** Policies that reading the table evaluates for a role that the given policies are for as well. */
function readPolicies(table: SchemaTable, shared: readonly SchemaPolicy[]): SchemaPolicy[] {
  return activePolicies(table).filter(
    p => (p.command === 'select' || p.command === 'all') && shared.every(other => meets(p, other)),
  )
}

function meets(a: SchemaPolicy, b: SchemaPolicy): boolean {
  const [x, y] = [rolesOf(a), rolesOf(b)]
  return x.includes('public') || y.includes('public') || x.some(role => y.includes(role))
}

/** In USING, which is what reading evaluates. */
function hasSelect({ using }: SchemaPolicy): boolean {
  const contains = (nodes: readonly SqlNode[]): boolean =>
    nodes.some(node => node.kind === 'group' && (isSelect(node) || contains(node.items)))
  return using !== undefined && contains(sqlTree(using))
}

/** Tables with row-level security that the sub-selects name. Views and functions end the search. */
function tablesRead(schema: SchemaModel, tree: SqlNode[]): SchemaTable[] {
  return selectsIn(tree).flatMap(select =>
    select.sources.flatMap(source => {
      const found = findTable(schema, source)
      return found && found.kind === 'table' && found.rowLevelSecurity && !found.platform ? [found] : []
    }),
  )
}
