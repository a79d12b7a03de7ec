import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { migrationChange } from '../../fixes/change.ts'
import type { FixInput } from '../../playbook.ts'
import { duplicates } from './detect.ts'

/** Drops the copy; the way back builds it again. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const own = duplicates(input.schema).find(
    ({ table, index, twin }) => finding.title === `\`${index.name}\` on \`${table.name}\` repeats \`${twin.name}\``,
  )
  if (!own) return { declined: 'the index is not in the schema any more' }
  const { table, index, twin } = own
  // Which of two that are both unique serves an ON CONFLICT or a foreign key is not known here.
  if (index.unique) return { declined: `\`${index.name}\` is unique: dropping it is left to a person` }
  const name = `${table.schema}.${table.name}`
  return migrationChange(finding, input, [{ kind: 'drop-index', table: name, index: index.name }], () => ({
    object: `drop index ${table.schema}.${index.name}`,
    title: `Drop ${index.name}, a copy of ${twin.name}`,
    what: `Drops \`${index.name}\` on \`${table.name}\`. \`${twin.name}\` has the same keys, method and predicate and serves every query that it served.`,
    security: 'An index shows nothing to anybody. It enforces no rule: the one that stays does, where one does.',
    verify: [
      `\`select indexrelname, idx_scan from pg_stat_user_indexes where relname = '${table.name}'\`: \`${twin.name}\` is used`,
      'the plans of the queries that used the dropped one are the same but for its name',
    ],
  }))
}
