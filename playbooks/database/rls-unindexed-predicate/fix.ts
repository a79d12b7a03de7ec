import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { addIndex } from '../../fixes/index.ts'
import type { FixInput } from '../../playbook.ts'
import { ownTables } from '../../policies.ts'

/** An index on the column by which the policy finds rows. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  for (const table of ownTables(input.schema)) {
    const column = table.columns.find(
      c =>
        finding.title.startsWith(`\`${table.name}.${c.name}\` `) &&
        c.location.file === finding.location.file &&
        c.location.line === finding.location.line,
    )
    if (column) return addIndex(finding, input, table, [column.name])
  }
  return { declined: 'the column is not in the schema any more' }
}
