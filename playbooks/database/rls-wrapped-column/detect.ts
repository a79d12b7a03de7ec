import type { SchemaColumn, SchemaPolicy, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import { grows } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, asksCaller, isUnknown, ownTables } from '../../policies.ts'
import { at } from '../../shared.ts'
import { callsIn, isPunct, type SqlNode, selectsIn, splitAt, sqlTree } from '../../sql.ts'

/** Policies that compare the caller with a column inside of a function or cast: no plain index on the column serves them. */
export function detect(input: DetectInput): DetectedFinding[] {
  return ownTables(input.schema).flatMap(table => {
    if (isUnknown(table, 'indexes') || !grows(input, table)) return []
    return activePolicies(table).flatMap(policy => {
      if (policy.command !== 'select' && policy.command !== 'all') return []
      const wrapped = wrappedColumn(table, policy)
      if (!wrapped) return []
      return [
        {
          title: `The policy "${policy.name}" on \`${table.name}\` compares \`${wrapped.text}\` with the caller: an index on \`${wrapped.column.name}\` cannot serve it`,
          location: at(policy.location.file, policy.location.line),
          evidence: [
            {
              text: `the column is ${wrapped.column.type}`,
              location: at(wrapped.column.location.file, wrapped.column.location.line),
            },
            { text: `no index of \`${table.name}\` is on that expression` },
          ],
          object: `${table.schema}.${table.name} ${policy.name}`,
          confidence: 'high' as const,
        },
      ]
    })
  })
}

interface Wrapped {
  column: SchemaColumn
  text: string
}

function wrappedColumn(table: SchemaTable, policy: SchemaPolicy): Wrapped | undefined {
  const branches = splitAt(sqlTree(policy.using ?? ''), 'or')
  // With more branches than one every row is read whatever this one compares.
  if (branches.length !== 1) return undefined
  const conjuncts = splitAt(branches[0] ?? [], 'and')
  for (const conjunct of conjuncts) {
    const equals = conjunct.findIndex(node => isPunct(node, '='))
    if (equals <= 0 || conjunct.filter(node => isPunct(node, '=')).length > 1) continue
    const sides = [conjunct.slice(0, equals), conjunct.slice(equals + 1)] as const
    for (const [own, other] of [sides, [sides[1], sides[0]] as const]) {
      if (selectsIn(other).length > 0 || !callsIn(other).some(asksCaller)) continue
      const found = columnInside(table, own)
      if (found && !hasExpressionIndex(table, found.column)) return found
    }
  }
  return undefined
}

/** Types of text compare as text: the cast between them is free. */
const TEXT = /^(text|character varying|varchar|citext)/i

/** One column of the table, with a cast that changes its bytes or a function around it. */
function columnInside(table: SchemaTable, nodes: readonly SqlNode[]): Wrapped | undefined {
  const [first, second, third] = nodes
  const open = nodes.length === 1 && first?.kind === 'group' ? columnInside(table, first.items) : undefined
  if (open) return open
  const name = (node: SqlNode | undefined): string | undefined =>
    node?.kind === 'word' || node?.kind === 'quoted'
      ? node.text
      : node?.kind === 'group' && node.items.length === 1
        ? name(node.items[0])
        : undefined
  const column = (of: string | undefined): SchemaColumn | undefined => table.columns.find(c => c.name === of)
  if (isPunct(second, '::') && nodes.length === 3) {
    const own = column(name(first))
    const to = name(third)
    if (!own || to === undefined || (TEXT.test(own.type) && TEXT.test(to)) || own.type === to) return undefined
    return { column: own, text: `${own.name}::${to}` }
  }
  if (first?.kind === 'word' && second?.kind === 'group' && nodes.length === 2) {
    const own = column(name(second))
    return own ? { column: own, text: `${first.text}(${own.name})` } : undefined
  }
  return undefined
}

function hasExpressionIndex(table: SchemaTable, column: SchemaColumn): boolean {
  return table.indexes.some(index =>
    index.columns.some(key => key.startsWith('(') && new RegExp(`\\b${column.name}\\b`, 'i').test(key)),
  )
}
