import { PLATFORM_SCHEMAS } from '../../platform.ts'

/**
 * Fixed queries over the catalogs of the shadow or a live database. They read definitions, never rows of the app, and
 * run under any role. Extension members and the schemas of the platform are left out.
 */

const OURS = `n.nspname !~ '^pg_' and n.nspname <> all (array[${PLATFORM_SCHEMAS.map(name => `'${name}'`).join(', ')}])`

function notMember(catalog: string, oid: string): string {
  return `not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`
}

/** Tables of the app, and tables of the platform that carry policies. */
const RELATIONS = `
  select c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
    not (${OURS}) as platform
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${notMember('pg_class', 'c.oid')}
    and ((${OURS}) or (n.nspname in ('auth', 'storage', 'realtime') and exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid)))`

export const TABLES = `
select r.oid::text, r.nspname as schema, r.relname as name, r.relkind as kind, r.relrowsecurity as rls, r.relforcerowsecurity as force,
  r.relpersistence as persistence, r.platform,
  coalesce((select option_value in ('true', 'on', '1', 'yes') from pg_catalog.pg_options_to_table(r.reloptions) where option_name = 'security_invoker'), false) as invoker,
  (select pn.nspname || '.' || pc.relname from pg_catalog.pg_inherits i join pg_catalog.pg_class pc on pc.oid = i.inhparent and pc.relkind = 'p'
    join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace where i.inhrelid = r.oid limit 1) as parent,
  case when r.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(r.oid) end as definition
from (${RELATIONS}) r order by r.oid`

export const COLUMNS = `
select a.attrelid::text as relation, a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
  a.attidentity as identity, a.attgenerated as generated, pg_catalog.pg_get_expr(d.adbin, d.adrelid) as default
from (${RELATIONS}) r join pg_catalog.pg_attribute a on a.attrelid = r.oid
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum`

export const CONSTRAINTS = `
select k.conrelid::text as relation, k.conname as name, k.contype as type, k.confdeltype as "onDelete", k.confupdtype as "onUpdate",
  array(select a.attname::text from unnest(k.conkey) with ordinality u(num, pos) join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.pos) as columns,
  array(select a.attname::text from unnest(k.confkey) with ordinality u(num, pos) join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by u.pos) as references,
  fn.nspname as "foreignSchema", fc.relname as "foreignTable",
  case when k.contype = 'c' then pg_catalog.pg_get_expr(k.conbin, k.conrelid) end as expression
from (${RELATIONS}) r join pg_catalog.pg_constraint k on k.conrelid = r.oid
left join pg_catalog.pg_class fc on fc.oid = k.confrelid left join pg_catalog.pg_namespace fn on fn.oid = fc.relnamespace
where k.contype in ('p', 'u', 'f', 'c', 'x') order by k.conrelid, k.oid`

export const INDEXES = `
select i.indrelid::text as relation, c.relname as name, i.indisunique as unique, i.indisvalid as valid, am.amname as method,
  pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate, k.contype as constraint, i.indnkeyatts as "keyCount",
  (select json_agg(json_build_object(
      'column', a.attname, 'text', pg_catalog.pg_get_indexdef(i.indexrelid, u.pos::int, true),
      'opclass', (select o.opcname from pg_catalog.pg_opclass o where o.oid = i.indclass[u.pos::int - 1] and not o.opcdefault),
      'option', i.indoption[u.pos::int - 1]) order by u.pos)
    from unnest(i.indkey) with ordinality u(num, pos) left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.num and u.num > 0) as keys
from (${RELATIONS}) r join pg_catalog.pg_index i on i.indrelid = r.oid join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_am am on am.oid = c.relam
left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
order by i.indrelid, i.indexrelid`

export const POLICIES = `
select p.polrelid::text as relation, p.polname as name, p.polpermissive as permissive, p.polcmd as command,
  array(select case when u.role = 0 then 'public' else pg_catalog.pg_get_userbyid(u.role)::text end from unnest(p.polroles) u(role)) as roles,
  pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as "withCheck"
from (${RELATIONS}) r join pg_catalog.pg_policy p on p.polrelid = r.oid order by p.polrelid, p.oid`

export const FUNCTIONS = `
select n.nspname as schema, p.proname as name, l.lanname as language, p.provolatile as volatility, p.prosecdef as definer, p.proretset as "returnsSet",
  coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) as body, p.prokind as kind, p.proconfig as config, p.pronargdefaults as defaults,
  pg_catalog.format_type(p.prorettype, null) as returns, p.proargnames as names, p.proargmodes::text[] as modes,
  array(select pg_catalog.format_type(u.type, null) from unnest(p.proargtypes) with ordinality u(type, pos) order by u.pos) as types
from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
where p.prokind in ('f', 'p') and ((${OURS}) or (n.nspname in ('auth', 'storage', 'extensions') and pg_catalog.pg_get_userbyid(p.proowner) = 'postgres'))
  and ${notMember('pg_proc', 'p.oid')} order by p.oid`

export const TRIGGERS = `
select t.tgname as name, n.nspname as schema, c.relname as table, t.tgtype as type, fn.nspname || '.' || p.proname as function,
  substring(pg_catalog.pg_get_triggerdef(t.oid, true) from 'WHEN \\((.*)\\) EXECUTE') as when
from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_proc p on p.oid = t.tgfoid join pg_catalog.pg_namespace fn on fn.oid = p.pronamespace
where not t.tgisinternal and ((${OURS}) or (n.nspname in ('auth', 'storage') and fn.nspname not in ('auth', 'storage'))) order by t.oid`

export const ENUMS = `
select n.nspname as schema, t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as values
from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace join pg_catalog.pg_enum e on e.enumtypid = t.oid
where ${OURS} and ${notMember('pg_type', 't.oid')} group by t.oid, n.nspname, t.typname order by t.oid`

export const EXTENSIONS = `
select e.extname as name, n.nspname as schema from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
where e.extname <> 'plpgsql' order by e.extname`

export const REALTIME = `
select schemaname || '.' || tablename as name from pg_catalog.pg_publication_tables where pubname = 'supabase_realtime' order by 1`

/** Rights of the API roles on what the app made. */
export const PRIVILEGES = `
select 'table' as kind, r.nspname as schema, r.relname as name, case when a.grantee = 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee)::text end as role,
  array_agg(distinct lower(a.privilege_type)) as privileges
from (${RELATIONS}) r join pg_catalog.pg_class c on c.oid = r.oid cross join lateral pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) a
group by 1, 2, 3, 4
union all
select 'function', n.nspname, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
  case when a.grantee = 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee)::text end, array_agg(distinct lower(a.privilege_type))
from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
cross join lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
where p.prokind in ('f', 'p') and ${OURS} and ${notMember('pg_proc', 'p.oid')} group by p.oid, 2, 3, 4
union all
select 'schema', n.nspname, n.nspname, case when a.grantee = 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee)::text end, array_agg(distinct lower(a.privilege_type))
from pg_catalog.pg_namespace n cross join lateral pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
where ${OURS} group by 1, 2, 3, 4`
