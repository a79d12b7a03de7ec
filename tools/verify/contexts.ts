import type { Client } from 'pg'
import type { SchemaModel, SchemaTable } from '../schema/model.ts'
import type { Context, ProbedTable } from './matrix.ts'

/** Rows made for each table that has none: enough for several owners and for every value of an enum. */
export const ROWS_PER_TABLE = 40

/** Users that are made. */
export const USERS = 12

/** Most users that ask. */
const MOST_USERS = 6

/** Tables whose rows somebody may be kept from: those of the app itself. */
export function probedTables(schema: SchemaModel): ProbedTable[] {
  return schema.tables
    .filter(
      ({ kind, platform, schema: name }) => kind === 'table' && !platform && name !== 'auth' && name !== 'storage',
    )
    .map(({ schema: name, name: table, columns, foreignKeys }) => ({
      schema: name,
      name: table,
      references: foreignKeys.flatMap(key => (key.columns.length === 1 ? key.columns : [])),
      columns: columns.filter(({ generated }) => !generated).map(column => column.name),
    }))
}

/**
 * Who asks: nobody, users that differ in what the tables say of them (an admin's role, a blocked flag) and in what they own, one whom
 * only the token calls an admin, and the service role.
 *
 * @param client superuser or owner of the filled copy
 */
export async function makeContexts(client: Client, schema: SchemaModel): Promise<Context[]> {
  const users = await chooseUsers(client, schema)
  const contexts: Context[] = [{ name: 'anon', role: 'anon', claims: { role: 'anon' } }]
  for (const [index, sub] of users.entries())
    contexts.push({ name: `user ${index + 1}`, role: 'authenticated', claims: claimsOf(sub, {}) })
  const stranger = '00000000-0000-4000-8000-00000000dead'
  contexts.push({ name: 'a user without rows', role: 'authenticated', claims: claimsOf(stranger, {}) })
  const admin = { role: 'admin', roles: ['admin'], is_admin: true, claims_admin: true }
  contexts.push({ name: 'an admin by token', role: 'authenticated', claims: claimsOf(users[0] ?? stranger, admin) })
  contexts.push({ name: 'service_role', role: 'service_role', claims: { role: 'service_role' } })
  return contexts
}

function claimsOf(sub: string, metadata: Record<string, unknown>): Record<string, unknown> {
  return {
    sub,
    role: 'authenticated',
    aud: 'authenticated',
    aal: 'aal1',
    email: `${sub.slice(0, 8)}@example.com`,
    app_metadata: metadata,
    user_metadata: metadata,
  }
}

/** Users such that every value of every enum or flag on a table about users belongs to one of them, as far as six suffice. */
async function chooseUsers(client: Client, schema: SchemaModel): Promise<string[]> {
  const chosen: string[] = []
  const add = (ids: string[]): void => {
    for (const id of ids) if (!chosen.includes(id) && chosen.length < MOST_USERS) chosen.push(id)
  }
  const column = (name: string): string => client.escapeIdentifier(name)
  for (const { table, key } of tablesAboutUsers(schema)) {
    for (const { name } of table.columns.filter(({ type }) => tellsUsersApart(type, schema))) {
      const sql = `select distinct on (${column(name)}) ${column(key)}::text as id from ${column(table.schema)}.${column(table.name)}
        where ${column(key)} in (select id from auth.users) order by ${column(name)}, ctid limit 8`
      add(await ids(client, sql))
    }
  }
  add(await ids(client, 'select id::text as id from auth.users order by ctid limit 8'))
  return chosen
}

async function ids(client: Client, sql: string): Promise<string[]> {
  try {
    const { rows } = await client.query<{ id: string }>(sql)
    return rows.map(({ id }) => id)
  } catch {
    return []
  }
}

function tablesAboutUsers({ tables }: SchemaModel): { table: SchemaTable; key: string }[] {
  return tables.flatMap(table =>
    table.foreignKeys
      .filter(({ schema, table: target, columns }) => schema === 'auth' && target === 'users' && columns.length === 1)
      .slice(0, 1)
      .map(({ columns }) => ({ table, key: columns[0]! })),
  )
}

function tellsUsersApart(type: string, { enums = [] }: SchemaModel): boolean {
  const bare = type.slice(type.lastIndexOf('.') + 1).replaceAll('"', '')
  return type === 'boolean' || enums.some(({ name }) => name === bare)
}
