import type { SchemaOperation } from '../../../tools/schema/model.ts'
import type { DetectedFinding, Severity } from '../../finding.ts'
import { grows } from '../../indexes.ts'
import { isOlder, liveRows, newestOperations, SMALL_TABLE_ROWS } from '../../migrations.ts'
import type { DetectInput } from '../../playbook.ts'
import { isWrittenByApp } from '../../shared.ts'

/** Statements of the newest migrations that block, rewrite or break a table which people are using. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { schema, database } = input
  if (!schema) return []
  return newestOperations(schema, database).flatMap(operation => {
    const judged = judgementOf(operation)
    const table = schema.tables.find(t => `${t.schema}.${t.name}` === operation.table)
    if (!judged || !table || table.platform || !isOlder(schema, operation) || !grows(input, table)) return []
    const rows = liveRows(database, table)
    // Where only writers would wait, somebody has to write.
    if (judged.blocks === 'writes' && rows === undefined && !isWrittenByApp(input.code, table.name)) return []
    if (rows !== undefined && rows < SMALL_TABLE_ROWS && judged.blocks) return []
    return [
      {
        title: judged.title,
        location: operation.location,
        evidence: [
          { text: judged.why },
          {
            text: `\`${table.name}\` was made by an earlier migration${rows === undefined ? '; how many rows it has is not known' : ` and has about ${rows} rows`}`,
            location: { file: operation.createdIn ?? operation.location.file, line: table.location.line },
          },
          ...(operation.lockTimeout || !judged.blocks
            ? []
            : [
                {
                  text: 'no lock_timeout in the file: while it waits for its lock, every query behind it waits as well',
                },
              ]),
        ],
        object: `${operation.kind} ${operation.table} ${operation.name ?? ''}`.trim(),
        severity: rows === undefined ? judged.severity : rows > 1_000_000 ? ('high' as const) : ('medium' as const),
        confidence: rows === undefined && judged.blocks ? ('low' as const) : ('medium' as const),
      },
    ]
  })
}

interface Judged {
  title: string
  why: string
  severity: Severity
  /** Who waits for as long as all rows take; absent when the size of the table does not matter. */
  blocks?: 'writes' | 'everything'
}

function judgementOf({ kind, table, name, detail, concurrently, notValid }: SchemaOperation): Judged | undefined {
  const bare = `\`${table.slice(table.indexOf('.') + 1)}\``
  const it = name ? `\`${name}\`` : 'it'
  const blocking = (title: string, why: string, severity: Severity): Judged => ({
    title,
    why,
    severity,
    blocks: kind === 'create-index' || kind === 'add-foreign-key' ? ('writes' as const) : ('everything' as const),
  })
  switch (kind) {
    case 'create-index':
      if (concurrently) return undefined
      return blocking(
        `Building ${name ? it : 'an index'} blocks every write to ${bare}`,
        'CREATE INDEX without CONCURRENTLY holds a SHARE lock for as long as the build takes',
        'low',
      )
    case 'add-foreign-key':
      if (notValid) return undefined
      return blocking(
        `Adding a foreign key to ${bare} checks all its rows while writes to both tables wait`,
        'without NOT VALID the check runs under the lock; with it, VALIDATE CONSTRAINT does the same without blocking writes',
        'low',
      )
    case 'add-check':
      if (notValid) return undefined
      return blocking(
        `Adding a check to ${bare} reads all its rows while nobody can use it`,
        'without NOT VALID the check runs under an ACCESS EXCLUSIVE lock',
        'low',
      )
    case 'add-unique':
    case 'add-primary-key':
    case 'add-exclusion':
      return blocking(
        `Adding a ${kind.slice('add-'.length).replace('-', ' ')} ${kind === 'add-primary-key' ? '' : 'constraint '}to ${bare} builds its index while nobody can use it`.replace(
          '  ',
          ' ',
        ),
        'the index is built under an ACCESS EXCLUSIVE lock; built concurrently before, it is only attached (USING INDEX)',
        'medium',
      )
    case 'set-not-null':
      return blocking(
        `Making ${it} of ${bare} required reads all its rows while nobody can use it`,
        'SET NOT NULL looks at every row under an ACCESS EXCLUSIVE lock, unless a validated check proves it already',
        'low',
      )
    case 'change-type':
      return blocking(
        `Changing the type of ${it} rewrites ${bare} while nobody can use it`,
        `${detail}: every row and every index is written again under an ACCESS EXCLUSIVE lock`,
        'medium',
      )
    case 'add-computed-column':
      return blocking(
        `Adding ${it} rewrites ${bare} while nobody can use it`,
        `the new column has ${detail}, so that every row is written again under an ACCESS EXCLUSIVE lock`,
        'medium',
      )
    case 'add-required-column':
      return {
        title: `Adding ${it} to ${bare} fails as soon as there are rows, and breaks inserts of the running app`,
        why: 'the column is NOT NULL and has no default',
        severity: 'medium',
      }
    case 'rename-column':
    case 'rename-table':
      return {
        title: `Renaming ${kind === 'rename-table' ? bare : `${it} of ${bare}`} breaks the app that is running until the new one is deployed`,
        why: 'the old name is gone at once, and requests of the old version still use it',
        severity: 'low',
      }
    default:
      return undefined
  }
}
