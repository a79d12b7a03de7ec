import type { DataAccess } from '../../../tools/code/model.ts'
import type { SchemaOperation } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import { isOlder, newestOperations } from '../../migrations.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/** Statements of the newest migrations after which data is gone, whatever is rolled back. */
export function detect({ code, schema, database }: DetectInput): DetectedFinding[] {
  if (!schema) return []
  return newestOperations(schema, database).flatMap(operation => {
    const words = WORDS[operation.kind]
    if (!words || !isOlder(schema, operation)) return []
    // Dropped and made anew: the data is gone all the same, but a table that comes back is a rebuild and says so itself.
    const table = schema.tables.find(t => `${t.schema}.${t.name}` === operation.table)
    if (table?.platform || (operation.kind === 'drop-column' && table?.columns.some(c => c.name === operation.name)))
      return []
    const bare = operation.table.slice(operation.table.indexOf('.') + 1)
    const users = table && operation.kind === 'drop-table' ? [] : usersOf(code.accesses, operation, bare)
    const what = operation.name ? `\`${bare}.${operation.name}\`` : `\`${bare}\``
    return [
      {
        title: `${what} is ${words}: no roll-back brings the data back${users.length > 0 ? ', and the app still uses it' : ''}`,
        location: operation.location,
        routes: [...new Set(users.flatMap(({ routes }) => routes))].sort(),
        evidence: [
          { text: `${what} was made by an earlier migration`, location: at(operation.createdIn ?? '', 1) },
          ...users.slice(0, 5).map(user => ({ text: `still uses ${what}`, location: at(user.file, user.line) })),
        ],
        object: `${operation.kind} ${operation.table} ${operation.name ?? ''}`.trim(),
        severity: users.length > 0 ? ('high' as const) : ('low' as const),
        confidence: users.length > 0 ? ('high' as const) : ('medium' as const),
      },
    ]
  })
}

const WORDS: Partial<Record<SchemaOperation['kind'], string>> = {
  'drop-column': 'dropped',
  'drop-table': 'dropped',
  truncate: 'emptied',
}

/** Accesses that name what is dropped. */
function usersOf(accesses: readonly DataAccess[], { kind, name }: SchemaOperation, table: string): DataAccess[] {
  const own = accesses.filter(access => access.table === table && (access.schema ?? 'public') === 'public')
  if (kind === 'drop-table') return own
  if (kind !== 'drop-column' || !name) return []
  const word = new RegExp(`(^|[^\\w])${name.replace(/[^\w]/g, '.')}($|[^\\w])`)
  return own.filter(({ shapes }) =>
    shapes.some(
      shape =>
        shape.filters.some(({ column }) => column === name) ||
        shape.order.includes(name) ||
        word.test((shape.columns ?? '').replace(/[\w:]+\([^()]*\)/g, '')),
    ),
  )
}
