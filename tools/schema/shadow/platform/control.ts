import { REFUSED_EXTENSIONS, STAND_INS } from './extensions.ts'

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * Schema `_shadow`: what Supabase's supautils lets the non-superuser `postgres` do, as functions with the superuser's
 * rights and a fixed choice of what they run. None of them executes text from a migration.
 */
export function controlSql(): string {
  const rows = Object.entries(STAND_INS).map(
    ([name, { schema, script }]) => `(${literal(name)}, ${schema ? literal(schema) : 'null'}, ${literal(script)})`,
  )
  return `
create schema _shadow;
create table _shadow.stand_in (name text primary key, fixed_schema text, script text not null);
insert into _shadow.stand_in values ${rows.join(',\n')};
create table _shadow.refused (name text primary key);
insert into _shadow.refused values ${REFUSED_EXTENSIONS.map(name => `(${literal(name)})`).join(', ')};
create function _shadow.create_extension(ext text, target text, lenient boolean) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $control$
declare
  stand_in _shadow.stand_in;
  first_oid oid;
  ext_oid oid;
  home text;
begin
  if exists (select from pg_extension where extname = ext) then
    if lenient then return 'exists'; end if;
    raise exception 'extension "%" already exists', ext using errcode = '42710';
  end if;
  select * into stand_in from _shadow.stand_in where name = ext;
  home := coalesce(stand_in.fixed_schema, target);
  if stand_in.name is null and not exists (select from _shadow.refused where name = ext)
    and exists (select from pg_available_extensions where pg_available_extensions.name = ext) then
    execute format('create schema if not exists %I', home);
    execute format('create extension %I with schema %I cascade', ext, home);
    update pg_extension set extowner = 'postgres'::regrole where extname = ext;
    return 'real';
  end if;
  if home in ('pg_catalog', 'information_schema', '_shadow') then
    raise exception 'refused: extension in schema %', home using errcode = '42501';
  end if;
  execute format('create schema if not exists %I', home);
  first_oid := pg_nextoid('pg_proc', 'oid', 'pg_proc_oid_index');
  if stand_in.script <> '' then execute replace(stand_in.script, '@schema@', quote_ident(home)); end if;
  ext_oid := pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index');
  insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    select ext_oid, ext, 'postgres'::regrole, n.oid, stand_in.fixed_schema is null, '0-stand-in' from pg_namespace n where n.nspname = home;
  insert into pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
    select o.classid, o.oid, 0, 'pg_extension'::regclass, ext_oid, 0, 'e' from (
      select 'pg_proc'::regclass as classid, oid from pg_proc
      union all select 'pg_type'::regclass, oid from pg_type where typelem = 0 and (typrelid = 0 or typrelid in (select oid from pg_class where relkind = 'c'))
      union all select 'pg_class'::regclass, oid from pg_class where relkind in ('r', 'v', 'S')
      union all select 'pg_operator'::regclass, oid from pg_operator
      union all select 'pg_opfamily'::regclass, oid from pg_opfamily
      union all select 'pg_opclass'::regclass, oid from pg_opclass
      union all select 'pg_cast'::regclass, oid from pg_cast
      union all select 'pg_am'::regclass, oid from pg_am
      union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_foreign_data_wrapper
    ) o where o.oid >= first_oid;
  return case when stand_in.name is null then 'unknown' else 'stand-in' end;
end $control$;
create function _shadow.create_wrapper(wrapper text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $control$
begin
  execute format('create foreign data wrapper %I', wrapper);
  execute format('grant usage on foreign data wrapper %I to postgres with grant option', wrapper);
end $control$;
create function _shadow.set_setting(scope text, target text, setting text, value text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $control$
begin
  if setting !~ '^[a-z_][a-z0-9_]*([.][a-z0-9_]+)+$' or setting ~ '^(plpgsql|pg_stat_statements)[.]' then
    raise exception 'refused: setting %', setting using errcode = '42501';
  end if;
  if scope = 'role' and not exists (select from pg_roles where rolname = target and not rolsuper) then
    raise exception 'role "%" does not exist', target using errcode = '42704';
  end if;
  if scope = 'role' then
    execute format('alter role %I set %I.%I to %L', target, split_part(setting, '.', 1), substr(setting, strpos(setting, '.') + 1), value);
  else
    execute format('alter database %I set %I.%I to %L', current_database(), split_part(setting, '.', 1), substr(setting, strpos(setting, '.') + 1), value);
  end if;
end $control$;
revoke all on all functions in schema _shadow from public;
grant usage on schema _shadow to postgres;
grant execute on all functions in schema _shadow to postgres;
grant set on parameter session_replication_role to postgres;
`
}

/** What a new Supabase project has from the start. */
export const PREINSTALLED = `
select _shadow.create_extension('uuid-ossp', 'extensions', true);
select _shadow.create_extension('pgcrypto', 'extensions', true);
select _shadow.create_extension('pg_stat_statements', 'extensions', true);
select _shadow.create_extension('pgjwt', 'extensions', true);
select _shadow.create_extension('pg_graphql', 'graphql', true);
select _shadow.create_extension('supabase_vault', 'vault', true);
`
