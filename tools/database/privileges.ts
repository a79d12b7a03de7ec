import type { Executor } from './executor.ts'

export interface RoleRights {
  role: string
  superuser: boolean
  /** What it could change, in words; empty for a role that can only read. */
  writes: string[]
  /** Sees statistics of all roles (pg_monitor or pg_read_all_stats). */
  monitor: boolean
}

interface Row {
  role: string
  superuser: boolean
  creates_roles: boolean
  creates_databases: boolean
  bypasses_rls: boolean
  writes_all: boolean
  owns: number
  tables: number
  columns: number
  schemas: number
  sequences: number
  monitor: boolean
}

/** Every way to change something that a role has, its memberships included. */
const RIGHTS = `
with app as (
  select c.oid, c.relkind, c.relowner from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select current_user::text as role, r.rolsuper as superuser, r.rolcreaterole as creates_roles, r.rolcreatedb as creates_databases,
  r.rolbypassrls as bypasses_rls, pg_has_role(current_user, 'pg_write_all_data', 'member') as writes_all,
  (select count(*)::int from app where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and pg_has_role(current_user, relowner, 'member')) as owns,
  (select count(*)::int from app where relkind in ('r', 'p', 'v', 'f') and has_table_privilege(oid, 'insert, update, delete, truncate')) as tables,
  (select count(*)::int from app where relkind in ('r', 'p', 'v', 'f') and has_any_column_privilege(oid, 'insert, update')) as columns,
  (select count(*)::int from pg_catalog.pg_namespace where nspname !~ '^pg_' and has_schema_privilege(oid, 'create')) as schemas,
  (select count(*)::int from app where case when relkind = 'S' then has_sequence_privilege(oid, 'update') end) as sequences,
  pg_has_role(current_user, 'pg_read_all_stats', 'member') as monitor
from pg_catalog.pg_roles r where r.rolname = current_user`

export async function readRights(executor: Executor): Promise<RoleRights> {
  const [row] = await executor.rows<Row>(RIGHTS)
  if (!row) return { role: 'unknown', superuser: false, writes: ['unknown rights'], monitor: false }
  const writes = [
    row.superuser && 'is a superuser',
    row.creates_roles && 'may create roles',
    row.creates_databases && 'may create databases',
    row.writes_all && 'is a member of pg_write_all_data',
    row.owns > 0 && `owns ${row.owns} relations`,
    row.tables > 0 && `may change ${row.tables} tables`,
    row.columns > row.tables && `may change columns of ${row.columns} tables`,
    row.schemas > 0 && `may create objects in ${row.schemas} schemas`,
    row.sequences > 0 && `may move ${row.sequences} sequences`,
  ].filter(text => typeof text === 'string')
  return { role: row.role, superuser: row.superuser, writes, monitor: row.monitor }
}

/**
 * SQL that makes a role which can see statistics and nothing else. `statements` is the schema of pg_stat_statements;
 * reading a sequence tells only how far it has counted.
 */
export function readOnlyRoleSql(statements = 'extensions'): string {
  return [
    `create role scalability_reader login password '<choose one>';`,
    'grant pg_read_all_stats to scalability_reader;',
    'alter role scalability_reader set default_transaction_read_only = on;',
    `alter role scalability_reader set statement_timeout = '10s';`,
    'alter role scalability_reader connection limit 4;',
    `grant usage on schema ${statements} to scalability_reader;`,
    'grant usage on schema public to scalability_reader;',
    'grant select on all sequences in schema public to scalability_reader;',
  ].join('\n')
}

/** First line: what is wrong. The lines after it: what would help, as SQL with comments. */
export function refusal({ role, writes }: RoleRights): string {
  const named = /^(postgres|supabase_admin)$/.test(role) ? `the role ${role}` : 'the role'
  return [
    `${named} can write (${writes.join(', ')}): use one that only reads statistics, or pass --allow-privileged-role`,
    '-- A role that only reads statistics; use it in the URL:',
    readOnlyRoleSql(),
  ].join('\n')
}
