import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { addIndex } from '../../fixes/index.ts'
import type { FixInput } from '../../playbook.ts'
import { ownTables } from '../../policies.ts'

/** An index on the columns of the foreign key, as a migration. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  for (const table of ownTables(input.schema)) {
    for (const key of table.foreignKeys) {
      const column = table.columns.find(({ name }) => name === key.columns[0])
      if (!column || !finding.title.startsWith(`\`${table.name}.${column.name}\` has no index`)) continue
      const { file, line } = column.location
      if (file !== finding.location.file || line !== finding.location.line) continue
      return addIndex(finding, input, table, key.columns)
    }
  }
  return { declined: 'the foreign key is not in the schema any more' }
}
