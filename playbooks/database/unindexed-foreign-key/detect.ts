import type { AppModel, DataAccess, ReachedEffect } from '../../../tools/code/model.ts'
import type { SchemaForeignKey, SchemaModel, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding, EvidenceItem } from '../../finding.ts'
import { grows, indexStatement, isIndexed, neededIndexes, reachOf } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, isUnknown, ownTables, readsOfPolicy } from '../../policies.ts'
import { allEffects, at, tableOf } from '../../shared.ts'

/**
 * Foreign keys without an index that the app pays for: it reads the rows of a parent through them, or it deletes parents,
 * for each of which the database looks for children. Columns that other playbooks report are left to them.
 */
export function detect(input: DetectInput): DetectedFinding[] {
  const { code, schema } = input
  if (!schema) return []
  const reported = reportedColumns(input, schema)
  const deleted = deletedTables(code, schema)
  return ownTables(schema).flatMap(table => {
    if (isUnknown(table, 'indexes') || !grows(input, table)) return []
    return uniqueKeys(table).flatMap(key => {
      const [name] = key.columns
      const column = table.columns.find(c => c.name === name)
      if (!column || key.columns.some(c => isIndexed(table, c))) return []
      if (reported.has(`${table.schema}.${table.name}.${column.name}`)) return []
      const embeds = embeddedBy(code, schema, table, key)
      const deletion = NOTE_OF_WHO.test(column.name) ? undefined : deleted.get(`${key.schema}.${key.table}`)
      if (embeds.length === 0 && !deletion) return []
      const proof: EvidenceItem[] =
        embeds.length > 0
          ? embeds.slice(0, 5).map(a => ({
              text: `reads \`${key.table}\` with the rows of \`${table.name}\` that belong to each`,
              location: at(a.file, a.line),
            }))
          : deletion
            ? [deletion]
            : []
      return [
        {
          title:
            embeds.length > 0
              ? `\`${table.name}.${column.name}\` has no index: the rows of one \`${key.table}\` are found by reading the whole table`
              : `\`${table.name}.${column.name}\` has no index: every row deleted from \`${key.table}\` reads the whole table`,
          location: at(column.location.file, column.location.line),
          routes: [...new Set(embeds.flatMap(a => a.routes))].sort(),
          evidence: [...proof, { text: `an index that serves it: ${indexStatement(table, key.columns)}` }],
          object: `${table.schema}.${table.name}.${column.name}`,
          severity: embeds.length > 0 ? ('medium' as const) : ('low' as const),
          confidence: 'medium' as const,
        },
      ]
    })
  })
}

/** Who did something to the row: kept for the record, and accounts are deleted rarely. */
const NOTE_OF_WHO = /(_by|By|_by_id|_by_user_id)$|^(assigned|approved|reviewed|invited|verified|acting)_/

/** Parents that are deleted once in the life of a customer. */
const LASTING =
  /^(organi[sz]ations?|tenants?|compan(y|ies)|workspaces?|spaces?|teams?|accounts?|users?|projects?|stores?|shops?)$/i

/** One key a column. */
function uniqueKeys(table: SchemaTable): SchemaForeignKey[] {
  const seen = new Set<string>()
  return table.foreignKeys.filter(key => {
    const first = key.columns[0] ?? ''
    if (seen.has(first)) return false
    seen.add(first)
    return true
  })
}

function reportedColumns(input: DetectInput, schema: SchemaModel): Set<string> {
  const out = new Set(neededIndexes(input).map(n => `${n.table.schema}.${n.table.name}.${n.column.name}`))
  for (const table of ownTables(schema))
    for (const policy of activePolicies(table))
      for (const read of readsOfPolicy(schema, table, policy))
        if (!read.anyOf.some(name => isIndexed(read.table, name)))
          out.add(`${read.table.schema}.${read.table.name}.${read.anyOf[0]}`)
  return out
}

/** Accesses that read the parent and embed this table: the children are found by the key. */
function embeddedBy(code: AppModel, schema: SchemaModel, table: SchemaTable, key: SchemaForeignKey): DataAccess[] {
  const candidates = table.foreignKeys.filter(k => k.table === key.table && k.schema === key.schema)
  if (candidates.length > 1) return []
  return code.accesses.filter(a => {
    if (a.operation !== 'select' || a.client !== 'supabase-js' || a.routes.length === 0) return false
    const parent = tableOf(schema, a)
    if (parent?.name !== key.table || parent.schema !== key.schema || parent === table) return false
    // The other direction of two keys between the same tables would be ambiguous to the Data API.
    if (parent.foreignKeys.some(k => k.table === table.name && k.schema === table.schema)) return false
    return a.shapes.some(s => s.embeds.some(e => e.table === table.name))
  })
}

/** Tables of which the app deletes rows, with what deletes them. Of cascades only the account's own profile is followed. */
function deletedTables(code: AppModel, schema: SchemaModel): Map<string, EvidenceItem> {
  const out = new Map<string, EvidenceItem>()
  const { ordinary } = reachOf(code)
  for (const a of code.accesses) {
    if (a.operation !== 'delete' || !a.shapes.some(s => ordinary.has(s.id))) continue
    const table = tableOf(schema, a)
    if (table?.kind !== 'table' || LASTING.test(table.name)) continue
    out.set(`${table.schema}.${table.name}`, {
      text: `deletes from \`${table.name}\`: for each row PostgreSQL looks for rows that refer to it`,
      location: at(a.file, a.line),
    })
  }
  const account = allEffects(code).find(deletesAccount)
  if (account)
    out.set('auth.users', {
      text: 'deletes an account: for each row that goes with it PostgreSQL looks for rows that refer to it',
      location: at(account.effect.file, account.effect.line),
    })
  // The profile goes with the account: its primary key is the account's.
  for (const table of account ? schema.tables : []) {
    const cascades = table.foreignKeys.some(
      k =>
        k.schema === 'auth' &&
        k.table === 'users' &&
        /cascade/i.test(k.onDelete ?? '') &&
        k.columns.join() === table.primaryKey.join(),
    )
    const cause = out.get('auth.users')
    if (cascades && cause) out.set(`${table.schema}.${table.name}`, cause)
  }
  return out
}

function deletesAccount({ effect }: ReachedEffect): boolean {
  return effect.k === 'auth-write' && effect.data.method === 'admin.deleteUser'
}
