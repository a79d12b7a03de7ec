import type { Client } from 'pg'

/**
 * What a database is, as far as safety goes, read from the catalogs: not what the migrations say but what they made. Names are qualified
 * (`public.posts`), expressions as PostgreSQL prints them with an empty search_path.
 */
export interface Snapshot {
  schemas: Map<string, { owner: string; usage: string[]; create: string[] }>
  relations: Map<string, Relation>
  columns: Map<string, Column>
  policies: Policy[]
  functions: Map<string, FunctionFact>
  triggers: Map<string, { table: string; name: string; enabled: string; definition: string; function: string }>
  constraints: Map<string, Constraint>
  indexes: Map<string, Index>
  /** "kind object role" → privileges in order; columns as "select(email)". */
  privileges: Map<string, string[]>
  defaultPrivileges: Map<string, string[]>
  roles: Map<string, Record<string, string>>
  members: Set<string>
  settings: Map<string, string>
  publications: Map<string, string[]>
  extensions: Map<string, string>
  buckets: Map<string, { public: boolean; limit: string | null; types: string | null }>
  cronJobs: Map<string, string>
  types: Map<string, { kind: string; labels: string[]; checks: string[] }>
  /** Objects of kinds that no scaling change makes or loses: rules, casts, operators, event triggers, servers… */
  others: Map<string, string>
}

export interface Relation {
  schema: string
  name: string
  kind: string
  owner: string
  rls: boolean
  force: boolean
  persistence: string
  options: string[]
  definition: string | null
  partitionOf: string | null
  /** Relations that a view or materialized view reads, qualified. */
  reads: string[]
}

export interface Column {
  table: string
  name: string
  type: string
  notNull: boolean
  default: string | null
  generated: string
  identity: string
}

export interface Policy {
  table: string
  name: string
  permissive: boolean
  command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  roles: string[]
  using: string | null
  check: string | null
}

export interface FunctionFact {
  schema: string
  name: string
  owner: string
  definer: boolean
  language: string
  volatility: string
  settings: string[]
  returns: string
  trigger: boolean
  leakproof: boolean
  source: string
  argumentNames: string[]
  execute: string[]
}

export interface Constraint {
  table: string
  name: string
  type: string
  definition: string
  columns: string[]
}

export interface Index {
  table: string
  name: string
  unique: boolean
  columns: string[]
  predicate: string | null
  constraint: boolean
}

const OWN = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', '_shadow') and n.nspname !~ '^pg_(temp|toast_temp)'`
/** Objects of extensions belong to their extension. */
const notOfExtension = (catalog: string, oid: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`

/** Roles whose rights are looked at: those that requests come in with, and all that the app made itself. */
const ROLES = `(select rolname::text as role from pg_roles where not rolsuper and rolname !~ '^(pg_|supabase_|pgsodium)'
  and rolname not in ('postgres', 'dashboard_user', 'pgbouncer', 'service_role', 'authenticator') union all select 'public')`

const QUERIES = {
  schemas: `select n.nspname as key, n.nspowner::regrole::text as owner,
      array(select role from ${ROLES} r where has_schema_privilege(role, n.oid, 'usage') order by 1) as usage,
      array(select role from ${ROLES} r where has_schema_privilege(role, n.oid, 'create') order by 1) as create
    from pg_namespace n where ${OWN}`,
  relations: `select n.nspname || '.' || c.relname as key, n.nspname as schema, c.relname as name, c.relkind::text as kind,
      c.relowner::regrole::text as owner, c.relrowsecurity as rls, c.relforcerowsecurity as force, c.relpersistence::text as persistence,
      coalesce(c.reloptions, '{}') as options, case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition,
      (select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = c.oid limit 1) as "partitionOf",
      array(select distinct rn.nspname || '.' || rc.relname from pg_rewrite w join pg_depend d on d.objid = w.oid and d.classid = 'pg_rewrite'::regclass
        join pg_class rc on d.refclassid = 'pg_class'::regclass and d.refobjid = rc.oid and rc.oid <> c.oid
        join pg_namespace rn on rn.oid = rc.relnamespace where w.ev_class = c.oid order by 1) as reads
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OWN} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${notOfExtension('pg_class', 'c.oid')}`,
  columns: `select n.nspname || '.' || c.relname || '.' || a.attname as key, n.nspname || '.' || c.relname as table, a.attname as name,
      format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull", pg_get_expr(d.adbin, d.adrelid) as default,
      a.attgenerated::text as generated, a.attidentity::text as identity
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where ${OWN} and c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped`,
  policies: `select n.nspname || '.' || c.relname as table, p.polname as name, p.polpermissive as permissive,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
      array(select case when o = 0 then 'public' else o::regrole::text end from unnest(p.polroles) o order by 1) as roles,
      pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace order by 1, 2`,
  functions: `select n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as key, n.nspname as schema,
      p.proname as name, p.proowner::regrole::text as owner, p.prosecdef as definer, l.lanname as language, p.provolatile::text as volatility,
      coalesce(p.proconfig, '{}') as settings, pg_get_function_result(p.oid) as returns, p.prorettype = 'trigger'::regtype as trigger,
      p.proleakproof as leakproof, coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) as source, coalesce(p.proargnames, '{}') as "argumentNames",
      array(select role from ${ROLES} r where has_function_privilege(role, p.oid, 'execute') and has_schema_privilege(role, n.oid, 'usage') order by 1) as execute
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where ${OWN} and ${notOfExtension('pg_proc', 'p.oid')}`,
  triggers: `select n.nspname || '.' || c.relname || '.' || t.tgname as key, n.nspname || '.' || c.relname as table, t.tgname as name,
      t.tgenabled::text as enabled, pg_get_triggerdef(t.oid) as definition, t.tgfoid::regproc::text as function
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where ${OWN} and not t.tgisinternal`,
  constraints: `select n.nspname || '.' || c.relname || '.' || k.conname as key, n.nspname || '.' || c.relname as table, k.conname as name,
      k.contype::text as type, pg_get_constraintdef(k.oid) as definition,
      array(select a.attname::text from unnest(k.conkey) x join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x order by 1) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where ${OWN} and k.contype in ('p', 'u', 'c', 'f', 'x')`,
  indexes: `select n.nspname || '.' || i.relname as key, n.nspname || '.' || c.relname as table, i.relname as name, x.indisunique as unique,
      array(select pg_get_indexdef(x.indexrelid, k, true) from generate_series(1, x.indnkeyatts) k) as columns,
      pg_get_expr(x.indpred, x.indrelid) as predicate, exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype <> 'f') as constraint
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace where ${OWN}`,
  privileges: `select 'table ' || n.nspname || '.' || c.relname || ' ' || role as key,
      array(select p from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
        where c.relkind <> 'S' and has_table_privilege(role, c.oid, p)
        union all select p from unnest(array['usage', 'select', 'update']) p where c.relkind = 'S' and has_sequence_privilege(role, c.oid, p)
        union all select p || '(' || a.attname || ')' from pg_attribute a, unnest(array['select', 'insert', 'update']) p
          where a.attrelid = c.oid and c.relkind <> 'S' and a.attnum > 0 and not a.attisdropped
            and not has_table_privilege(role, c.oid, p) and has_column_privilege(role, c.oid, a.attnum, p) order by 1) as value
    from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join ${ROLES} r
    where ${OWN} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${notOfExtension('pg_class', 'c.oid')}`,
  defaultPrivileges: `select d.defaclrole::regrole::text || ' in ' || coalesce(n.nspname, '*') || ' on ' || d.defaclobjtype::text || ' to ' ||
      case when a.grantee = 0 then 'public' else a.grantee::regrole::text end as key, array_agg(lower(a.privilege_type) order by 1) as value
    from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a group by 1`,
  roles: `select rolname as key, rolsuper::text as super, rolbypassrls::text as bypassrls, rolcreaterole::text as createrole,
      rolcreatedb::text as createdb, rolcanlogin::text as login, rolreplication::text as replication, rolinherit::text as inherit from pg_roles`,
  members: `select m.member::regrole::text || ' in ' || m.roleid::regrole::text as key from pg_auth_members m`,
  settings: `select case when setrole = 0 then 'database' else setrole::regrole::text end || ' ' || split_part(c, '=', 1) as key,
      substr(c, strpos(c, '=') + 1) as value from pg_db_role_setting, unnest(setconfig) c
    where setdatabase = 0 or setdatabase = (select oid from pg_database where datname = current_database())`,
  publications: `select p.pubname as key, array(select t.schemaname || '.' || t.tablename from pg_publication_tables t where t.pubname = p.pubname order by 1) as value
    from pg_publication p`,
  extensions: `select e.extname as key, n.nspname as value from pg_extension e join pg_namespace n on n.oid = e.extnamespace`,
  buckets: `select id as key, coalesce(public, false) as public, file_size_limit::text as limit, allowed_mime_types::text as types from storage.buckets`,
  types: `select n.nspname || '.' || t.typname as key, t.typtype::text as kind,
      array(select enumlabel::text from pg_enum e where e.enumtypid = t.oid order by enumsortorder) as labels,
      array(select pg_get_constraintdef(k.oid) from pg_constraint k where k.contypid = t.oid order by 1) as checks
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where ${OWN} and t.typtype in ('e', 'd') and ${notOfExtension('pg_type', 't.oid')}`,
  others: `select 'rule ' || w.ev_class::regclass || '.' || w.rulename as key, pg_get_ruledef(w.oid) as value from pg_rewrite w
      join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace where ${OWN} and w.rulename <> '_RETURN'
    union all select 'cast ' || format_type(castsource, null) || ' as ' || format_type(casttarget, null), castfunc::regproc::text from pg_cast c
      where c.oid >= 16384 and ${notOfExtension('pg_cast', 'c.oid')}
    union all select 'operator ' || o.oid::regoperator, o.oprcode::text from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
      where ${OWN} and ${notOfExtension('pg_operator', 'o.oid')}
    union all select 'event trigger ' || evtname, evtfoid::regproc::text || evtenabled::text from pg_event_trigger
    union all select 'foreign server ' || srvname, coalesce(srvoptions::text, '') from pg_foreign_server s where ${notOfExtension('pg_foreign_server', 's.oid')}
    union all select 'language ' || lanname, '' from pg_language l where l.oid >= 16384`,
} satisfies Record<string, string>

/** Reads the snapshot over a superuser's connection. */
export async function takeSnapshot(client: Client): Promise<Snapshot> {
  await client.query(`set search_path = ''`)
  try {
    const read = async <T>(name: keyof typeof QUERIES) =>
      (await client.query(QUERIES[name])).rows as (T & { key: string })[]
    const keyed = async <T>(name: keyof typeof QUERIES) => new Map((await read<T>(name)).map(row => [row.key, row]))
    const valued = async <T>(name: keyof typeof QUERIES) =>
      new Map((await read<{ value: T }>(name)).map(row => [row.key, row.value]))
    return {
      schemas: await keyed('schemas'),
      relations: await keyed('relations'),
      columns: await keyed('columns'),
      policies: await read<Policy>('policies'),
      functions: await keyed('functions'),
      triggers: await keyed('triggers'),
      constraints: await keyed('constraints'),
      indexes: await keyed('indexes'),
      privileges: await valued('privileges'),
      defaultPrivileges: await valued('defaultPrivileges'),
      roles: await keyed('roles'),
      members: new Set((await read('members')).map(row => row.key)),
      settings: await valued('settings'),
      publications: await valued('publications'),
      extensions: await valued('extensions'),
      buckets: await keyed('buckets'),
      cronJobs: await readCronJobs(client),
      types: await keyed('types'),
      others: await valued('others'),
    }
  } finally {
    await client.query('reset search_path')
  }
}

async function readCronJobs(client: Client): Promise<Map<string, string>> {
  const there = await client.query<{ there: boolean }>(`select to_regclass('cron.job') is not null as there`)
  if (!there.rows[0]?.there) return new Map()
  const { rows } = await client.query<{ key: string; value: string }>(
    `select coalesce(jobname, 'job ' || jobid) as key, schedule || ' ' || coalesce(active, true)::text || ' ' || command as value from cron.job`,
  )
  return new Map(rows.map(row => [row.key, row.value]))
}
