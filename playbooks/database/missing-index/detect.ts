import type { DetectedFinding } from '../../finding.ts'
import { indexStatement, type NeededIndex, neededIndexes } from '../../indexes.ts'
import { indexProposalId, isRefuted, planEvidence, planOf } from '../../plans.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/**
 * Columns that routes filter or sort by, on tables that grow, and that no index leads with. Where the planner was asked, an
 * index that it does not use at the size of the target is not proposed.
 */
export function detect(input: DetectInput): DetectedFinding[] {
  const { plans } = input
  return neededIndexes(input).flatMap(need => {
    const { table, column, accesses } = need
    const plan = planOf(plans, indexProposalId(table, need.columns))
    if (isRefuted(plan)) return []
    return [
      {
        title: `\`${table.name}.${column.name}\` has no index: ${WORDS[need.use]}`,
        location: at(column.location.file, column.location.line),
        routes: [...new Set(accesses.flatMap(a => a.routes))].sort(),
        evidence: [
          ...accesses.slice(0, 5).map(a => ({ text: sentence(need), location: at(a.file, a.line) })),
          {
            text: `no index, key or constraint of \`${table.schema}.${table.name}\` starts with \`${column.name}\` after all migrations`,
            location: at(table.location.file, table.location.line),
          },
          { text: `an index that serves it: ${indexStatement(table, need.columns)}` },
          ...planEvidence(plans, plan, 'with this index'),
        ],
        object: `${table.schema}.${table.name}.${column.name}`,
        severity: need.adminOnly ? ('low' as const) : need.use === 'order' ? ('medium' as const) : ('high' as const),
        confidence: need.use === 'order' ? ('medium' as const) : ('high' as const),
      },
    ]
  })
}

const WORDS: Record<NeededIndex['use'], string> = {
  filter: 'every lookup by it reads the whole table',
  or: 'one side of an or() reads the whole table, and with it the other',
  order: 'the first rows of the list are found by sorting the whole table',
}

function sentence({ table, column, use }: NeededIndex): string {
  if (use === 'order') return `reads the first rows of \`${table.name}\` in the order of \`${column.name}\``
  return `filters \`${table.name}\` by \`${column.name}\`${use === 'or' ? ' in or()' : ''}`
}
