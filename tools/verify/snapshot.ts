import type { Client } from 'pg'
import { readCatalog } from '../schema/shadow/catalog/read.ts'

/**
 * What the catalogs hold, in an order that does not depend on history: two equal snapshots are two equal schemas, settings of roles
 * included. Keys name the object ("table public.posts: policy own rows"), values are its definition.
 */
export async function snapshot(client: Client): Promise<Map<string, string>> {
  const model = await readCatalog(client)
  await client.query('reset search_path')
  const objects = new Map<string, string>()
  const add = (name: string, value: unknown): void => {
    objects.set(name, JSON.stringify(value, withoutPlaces))
  }
  for (const { policies, indexes, columns, foreignKeys, checks = [], ...table } of model.tables) {
    const name = `${table.kind} ${table.schema}.${table.name}`
    add(name, table)
    for (const policy of policies) add(`${name}: policy "${policy.name}"`, policy)
    for (const index of indexes) add(`${name}: index ${index.name}`, index)
    for (const [position, column] of columns.entries()) add(`${name}: column ${column.name}`, { position, column })
    for (const key of foreignKeys) add(`${name}: foreign key ${key.name ?? key.columns.join(',')}`, key)
    for (const check of checks) add(`${name}: check ${check.name}`, check)
  }
  for (const one of model.functions) add(`function ${one.schema}.${one.name}(${argumentsOf(one)})`, one)
  for (const one of model.triggers ?? []) add(`trigger ${one.name} on ${one.schema}.${one.table}`, one)
  for (const one of model.enums ?? []) add(`enum ${one.schema}.${one.name}`, one)
  for (const one of model.privileges ?? []) add(`rights of ${one.role} on ${one.kind} ${one.schema}.${one.name}`, one)
  for (const one of model.extensions ?? []) add(`extension ${one.name}`, one)
  add('tables in realtime', [...(model.realtimeTables ?? [])].sort())
  const { rows } = await client.query<{ role: string; settings: string[] }>(
    'select setrole::regrole::text as role, setconfig as settings from pg_catalog.pg_db_role_setting order by 1, 2',
  )
  for (const { role, settings } of rows) add(`settings of role ${role}`, settings)
  return objects
}

function argumentsOf({ arguments: list = [] }: { arguments?: { type: string }[] }): string {
  return list.map(({ type }) => type).join(', ')
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'location' ? undefined : value
}

/** Names of the objects that differ, with what happened to them, sorted. */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.flatMap(name => {
    if (before.get(name) === after.get(name)) return []
    return [`${name}: ${!before.has(name) ? 'added' : !after.has(name) ? 'gone' : 'changed'}`]
  })
}
