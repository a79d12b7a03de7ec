import type { SchemaTable } from '../../tools/schema/model.ts'
import type { FixOutcome } from '../../tools/workspace/change.ts'
import type { Finding } from '../finding.ts'
import type { FixInput } from '../playbook.ts'
import { migrationChange } from './change.ts'

/** Adds one index; the same words for every playbook that asks for one. */
export function addIndex(
  finding: Finding,
  input: FixInput,
  table: SchemaTable,
  columns: readonly string[],
): FixOutcome {
  const name = `${table.schema}.${table.name}`
  const shown = `${table.name}(${columns.join(', ')})`
  const request = { kind: 'create-index' as const, table: name, keys: [...columns] }
  return migrationChange(finding, input, [request], () => ({
    object: `index ${name}(${columns.join(', ')})`,
    title: `Index ${shown}`,
    what: `Adds an index on \`${shown}\`, built without blocking writes. No row, result or policy changes.`,
    security:
      'An index shows nothing to anybody: no grant, policy, function or data changes, and it is not unique, so that no insert or update can fail because of it.',
    verify: [
      `\`explain (analyze, buffers)\` of the query above, under the role that sends it, uses the index once the table is large; a small table is read whole either way`,
      `\`select indisvalid from pg_index where indexrelid = 'the index'::regclass\` says t after the migration`,
    ],
    notVerified: [`How much slower inserts into \`${table.name}\` become: each row writes one more index entry.`],
  }))
}
