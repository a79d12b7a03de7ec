import type { SchemaIndex, SchemaModel, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { isUnknown, ownTables } from '../../policies.ts'
import { at } from '../../shared.ts'

/** Indexes that are the same as another one of their table: every write pays for both, no read needs both. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  return duplicates(schema).map(({ table, index, twin }) => ({
    title: `\`${index.name}\` on \`${table.name}\` repeats \`${twin.name}\``,
    location: at(index.location.file, index.location.line),
    evidence: [
      {
        text: `both are ${index.method} on (${index.columns.join(', ')})${index.predicate ? ` where ${index.predicate}` : ''}`,
        location: at(twin.location.file, twin.location.line),
      },
    ],
    object: `${table.schema}.${index.name}`,
    confidence: 'high' as const,
  }))
}

export interface Duplicate {
  table: SchemaTable
  /** The one to drop. */
  index: SchemaIndex
  twin: SchemaIndex
}

export function duplicates(schema: SchemaModel | undefined): Duplicate[] {
  return ownTables(schema).flatMap(table => {
    if (isUnknown(table, 'indexes')) return []
    return table.indexes.flatMap((index, i) => {
      if (index.constraint !== undefined) return []
      const twin = table.indexes.find((other, j) => j !== i && replaces(other, index, j < i))
      return twin ? [{ table, index, twin }] : []
    })
  })
}

/** `other` does all that `index` does. Of two equals the earlier stays, and a constraint's index always. */
function replaces(other: SchemaIndex, index: SchemaIndex, earlier: boolean): boolean {
  if (shapeOf(other) !== shapeOf(index) || other.valid === false) return false
  if (index.unique && !other.unique) return false
  return other.constraint !== undefined || (other.unique && !index.unique) || earlier
}

/** Everything but the name and uniqueness. */
function shapeOf(index: SchemaIndex): string {
  const keys = index.columns.map((column, i) => {
    const key = index.keys?.[i]
    return [squeeze(column), key?.opclass ?? '', key?.descending ?? false, key?.nullsFirst ?? false]
  })
  return JSON.stringify([index.method, keys, [...(index.include ?? [])].sort(), squeeze(index.predicate)])
}

function squeeze(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim().toLowerCase()
}
