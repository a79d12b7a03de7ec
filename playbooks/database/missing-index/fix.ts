import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { addIndex } from '../../fixes/index.ts'
import { neededIndexes } from '../../indexes.ts'
import type { FixInput } from '../../playbook.ts'

/** The index that the finding proposes, as a migration. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const need = neededIndexes(input).find(
    ({ table, column }) =>
      column.location.file === finding.location.file &&
      column.location.line === finding.location.line &&
      finding.title.includes(`\`${table.name}.${column.name}\``),
  )
  if (!need) return { declined: 'the query that needs the index is not known any more' }
  return addIndex(finding, input, need.table, need.columns)
}
