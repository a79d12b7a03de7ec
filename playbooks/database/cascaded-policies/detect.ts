import type { SchemaCascade, SchemaModel, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding, EvidenceItem } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { isUnknown } from '../../policies.ts'

/** What DROP … CASCADE took along without naming it, and no later migration made again. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  return (schema?.cascades ?? []).flatMap(cascade => {
    if (!schema) return []
    const lost = lostOf(schema, cascade)
    const [first] = lost
    if (!first) return []
    const restrictive = lost.some(({ opens }) => opens)
    return [
      {
        title: `Dropping ${cascade.object} with CASCADE also dropped ${summary(lost)}, and no migration makes ${lost.length > 1 ? 'them' : 'it'} again`,
        location: cascade.location,
        evidence: lost.map(({ evidence }) => evidence),
        object: cascade.object,
        severity: restrictive ? ('critical' as const) : ('high' as const),
        confidence: 'high' as const,
        security: lost.some(({ isPolicy }) => isPolicy),
      },
    ]
  })
}

/** One by its name, more by their number. */
function summary(lost: readonly Lost[]): string {
  const [only] = lost
  if (only && lost.length === 1) return only.text
  const policies = lost.filter(({ isPolicy }) => isPolicy).length
  const counted = [count(policies, 'policy', 'policies'), count(lost.length - policies, 'trigger', 'triggers')]
  const tables = new Set(lost.map(({ table }) => table)).size
  return `${counted.filter(text => text !== '').join(' and ')} of ${count(tables, 'table', 'tables')}`
}

function count(n: number, one: string, many: string): string {
  return n === 0 ? '' : `${n} ${n === 1 ? one : many}`
}

interface Lost {
  text: string
  table: string
  evidence: EvidenceItem
  isPolicy: boolean
  /** Without it more rows are seen or changed than before. */
  opens: boolean
}

function lostOf(schema: SchemaModel, { dropped, location }: SchemaCascade): Lost[] {
  return dropped.flatMap((object): Lost[] => {
    const table = schema.tables.find(t => `${t.schema}.${t.name}` === object.table)
    if (!table) return []
    const bare = `\`${table.name}\``
    if (object.kind === 'trigger') {
      const isThere = schema.triggers?.some(t => t.name === object.name && `${t.schema}.${t.table}` === object.table)
      // Another trigger on the table since then may do its work.
      if (
        isThere ||
        schema.triggers?.some(t => `${t.schema}.${t.table}` === object.table && isLater(schema, t.location, location))
      )
        return []
      const text = `the trigger \`${object.name}\` of ${bare}`
      return [
        {
          text,
          table: table.name,
          isPolicy: false,
          opens: false,
          evidence: { text: `${text} is gone`, location: table.location },
        },
      ]
    }
    if (object.kind !== 'policy' || isUnknown(table, 'policies') || isReplaced(schema, table, object, location))
      return []
    const text = `the policy "${object.name}" of ${bare}`
    const command = object.command ?? 'all'
    const left = table.policies.filter(
      p => p.permissive && (p.command === command || p.command === 'all' || command === 'all'),
    )
    return [
      {
        text,
        table: table.name,
        isPolicy: true,
        opens: object.permissive === false && table.policies.some(p => p.permissive),
        evidence: {
          text: `${text}, for ${command === 'all' ? 'all commands' : command}, is gone; ${consequence(table, object.permissive, left.length)}`,
          location: table.location,
        },
      },
    ]
  })
}

function consequence(table: SchemaTable, permissive: boolean | undefined, left: number): string {
  if (permissive === false) return 'it restricted what the others allow'
  if (!table.rowLevelSecurity) return 'row-level security is off'
  return left === 0
    ? 'nothing else allows that now'
    : `${left} other ${left === 1 ? 'policy allows' : 'policies allow'} some of it`
}

/** There again under its name, or something for the same command was written on the table since. */
function isReplaced(
  schema: SchemaModel,
  table: SchemaTable,
  { name, command }: SchemaCascade['dropped'][number],
  since: SchemaCascade['location'],
): boolean {
  return table.policies.some(policy => {
    if (policy.name === name) return true
    const isSame = policy.command === command || policy.command === 'all' || command === 'all' || command === undefined
    return isSame && isLater(schema, policy.location, since)
  })
}

function isLater(schema: SchemaModel, a: { file: string; line: number }, b: { file: string; line: number }): boolean {
  if (a.file === b.file) return a.line > b.line
  const order = (schema.migrations ?? []).map(({ file }) => file)
  return order.indexOf(a.file) > order.indexOf(b.file)
}
