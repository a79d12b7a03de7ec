import type { MigrationRequest } from '../../../tools/migrations/model.ts'
import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { listed, migrationChange } from '../../fixes/change.ts'
import type { FixInput } from '../../playbook.ts'
import { ownTables } from '../../policies.ts'

/** A trigram index on each column that is searched by pattern, where the extension is there already. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const { schema } = input
  const [, name, kind, list] =
    /^`(\w+)` is searched (by pattern|as full text) in (.*) without an index/.exec(finding.title) ?? []
  if (!schema || !name || !list) return { declined: 'which index serves the search of a function is left to a person' }
  const { file } = finding.location
  const table = ownTables(schema).find(t => t.name === name && t.columns.some(c => c.location.file === file))
  const columns = [...list.matchAll(/`([^`]+)`/g)].flatMap(
    ([, column]) => table?.columns.find(c => c.name === column) ?? [],
  )
  if (!table || columns.length === 0) return { declined: 'the column is not in the schema any more' }
  const isText = kind === 'as full text'
  if (isText && columns.some(({ type }) => type !== 'tsvector')) {
    return { declined: 'in which language the words are is not known: the index is left to a person' }
  }
  const trigrams = schema.extensions?.find(extension => extension.name === 'pg_trgm')
  if (!isText && !trigrams)
    return { declined: 'the extension pg_trgm is not there: create it first, in a migration of its own' }
  const opclass = `${trigrams?.schema && trigrams.schema !== 'public' ? `${trigrams.schema}.` : ''}gin_trgm_ops`
  const shown = columns.map(column => column.name)
  const requests = shown.map(
    (column): MigrationRequest => ({
      kind: 'create-index',
      table: `${table.schema}.${table.name}`,
      method: 'gin',
      keys: [isText ? column : { column, opclass }],
    }),
  )
  return migrationChange(finding, input, requests, () => ({
    object: `search of ${table.schema}.${table.name}(${shown.join(', ')})`,
    title: `Index the search of ${table.name} by ${shown.join(', ')}`,
    what: `Adds ${isText ? 'a GIN index' : 'trigram indexes'} on ${listed(shown.map(column => `\`${column}\``))} of \`${table.name}\`, built without blocking writes. No row, result or policy changes.`,
    security: 'An index shows nothing to anybody: no grant, policy, function or data changes.',
    verify: [`\`explain (analyze, buffers)\` of the search shows a Bitmap Index Scan once the table is large`],
    notVerified: [
      ...(isText
        ? []
        : ['Searches of fewer than three letters have no trigram to look for, and still read the table.']),
      `How much slower writes to \`${table.name}\` become: a GIN index costs more for each row than an ordinary one.`,
    ],
  }))
}
