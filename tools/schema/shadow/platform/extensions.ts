import { POSTGIS } from './postgis.ts'
import { VECTOR } from './vector.ts'

/** An extension that our PostgreSQL does not have, replaced by its types and functions; the functions do nothing. */
export interface StandIn {
  /** Schema that the extension insists on; else the one asked for. */
  schema?: string
  /** SQL; `@schema@` stands for the schema. */
  script: string
}

/** Functions from compact signatures "name(args) -> type", all returning null. */
export function emptyFunctions(schema: string, signatures: string, attributes = 'language sql stable'): string {
  return signatures
    .trim()
    .split('\n')
    .map(line => {
      const [signature = '', returns = 'void'] = line.split(' -> ')
      const set = returns.startsWith('setof ') || returns.startsWith('table')
      const body = returns === 'void' ? 'select' : set ? '' : `select null::${returns}`
      if (!set)
        return `create function ${schema}.${signature.trim()} returns ${returns} ${attributes} as $x$ ${body} $x$;`
      return `create function ${schema}.${signature.trim()} returns ${returns} language plpgsql stable as $x$ begin return; end $x$;`
    })
    .join('\n')
}

const CRON = `
create table cron.job (
  jobid bigserial primary key, schedule text not null, command text not null, nodename text not null default 'localhost',
  nodeport integer not null default 5432, database text not null default current_database(), username text not null default current_user,
  active boolean not null default true, jobname text, unique (jobname, username)
);
create table cron.job_run_details (
  jobid bigint, runid bigserial primary key, job_pid integer, database text, username text, command text, status text,
  return_message text, start_time timestamptz, end_time timestamptz
);
create function cron.schedule(schedule text, command text) returns bigint language sql as $x$
  insert into cron.job (schedule, command) values ($1, $2) returning jobid $x$;
create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $x$
  insert into cron.job (jobname, schedule, command) values ($1, $2, $3)
  on conflict (jobname, username) do update set schedule = excluded.schedule, command = excluded.command returning jobid $x$;
create function cron.schedule_in_database(job_name text, schedule text, command text, database text, username text default null, active boolean default true)
  returns bigint language sql as $x$ insert into cron.job (jobname, schedule, command, database) values ($1, $2, $3, $4) returning jobid $x$;
create function cron.unschedule(job_id bigint) returns boolean language plpgsql as $x$ begin
  delete from cron.job where jobid = job_id;
  if not found then raise exception 'could not find valid entry for job %', job_id; end if;
  return true; end $x$;
create function cron.unschedule(job_name text) returns boolean language plpgsql as $x$ begin
  delete from cron.job where jobname = job_name;
  if not found then raise exception 'could not find valid entry for job ''%''', job_name; end if;
  return true; end $x$;
create function cron.alter_job(job_id bigint, schedule text default null, command text default null, database text default null,
  username text default null, active boolean default null) returns void language sql as $x$ select $x$;
grant usage on schema cron to postgres with grant option;
grant all on all tables in schema cron to postgres with grant option;
grant all on all sequences in schema cron to postgres;
grant all on all functions in schema cron to postgres with grant option;
`

const NET = `
create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);
create table net.http_request_queue (id bigserial, method text not null, url text not null, headers jsonb, body bytea, timeout_milliseconds integer not null);
create table net._http_response (id bigint, status_code integer, content_type text, headers jsonb, content text, timed_out boolean, error_msg text, created timestamptz not null default now());
${emptyFunctions(
  'net',
  `
http_get(url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000) -> bigint
http_post(url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000) -> bigint
http_delete(url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000) -> bigint
http_collect_response(request_id bigint, async boolean default true) -> net.http_response_result`,
  'language sql volatile',
)}
grant usage on schema net to postgres, anon, authenticated, service_role with grant option;
grant all on all tables in schema net to postgres with grant option;
grant all on all functions in schema net to postgres with grant option;
`

const HTTP = `
create domain @schema@.http_method as text;
create domain @schema@.content_type as text;
create type @schema@.http_header as (field varchar, value varchar);
create type @schema@.http_request as (method @schema@.http_method, uri varchar, headers @schema@.http_header[], content_type varchar, content varchar);
create type @schema@.http_response as (status integer, content_type varchar, headers @schema@.http_header[], content varchar);
${emptyFunctions(
  '@schema@',
  `
http(request @schema@.http_request) -> @schema@.http_response
http_get(uri varchar) -> @schema@.http_response
http_get(uri varchar, data jsonb) -> @schema@.http_response
http_post(uri varchar, content varchar, content_type varchar) -> @schema@.http_response
http_post(uri varchar, data jsonb) -> @schema@.http_response
http_put(uri varchar, content varchar, content_type varchar) -> @schema@.http_response
http_patch(uri varchar, content varchar, content_type varchar) -> @schema@.http_response
http_delete(uri varchar) -> @schema@.http_response
http_delete(uri varchar, content varchar, content_type varchar) -> @schema@.http_response
http_head(uri varchar) -> @schema@.http_response
http_set_curlopt(curlopt varchar, value varchar) -> boolean
http_reset_curlopt() -> boolean
urlencode(string varchar) -> text
urlencode(data jsonb) -> text`,
  'language sql volatile',
)}
create function @schema@.http_header(field varchar, value varchar) returns @schema@.http_header language sql as $x$ select $1, $2 $x$;
`

const VAULT = `
create table vault.secrets (
  id uuid primary key default gen_random_uuid(), name text, description text not null default '', secret text not null, key_id uuid,
  nonce bytea, created_at timestamptz not null default current_timestamp, updated_at timestamptz not null default current_timestamp
);
create unique index secrets_name_idx on vault.secrets (name) where name is not null;
create view vault.decrypted_secrets as
  select id, name, description, secret, secret as decrypted_secret, key_id, nonce, created_at, updated_at from vault.secrets;
create function vault.create_secret(new_secret text, new_name text default null, new_description text default '', new_key_id uuid default null)
  returns uuid language sql as $x$ insert into vault.secrets (secret, name, description) values ($1, $2, $3) returning id $x$;
create function vault.update_secret(secret_id uuid, new_secret text default null, new_name text default null, new_description text default null, new_key_id uuid default null)
  returns void language sql as $x$ update vault.secrets set secret = coalesce($2, secret), name = coalesce($3, name) where id = $1 $x$;
grant all on all tables in schema vault to postgres, service_role with grant option;
grant all on all functions in schema vault to postgres with grant option;
`

const MESSAGE_QUEUE = `
create type pgmq.message_record as (msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb);
create table pgmq.meta (queue_name varchar unique not null, is_partitioned boolean not null, is_unlogged boolean not null, created_at timestamptz not null default now());
create function pgmq.create(queue_name text) returns void language plpgsql as $x$ begin
  execute format('create table if not exists pgmq.%I (msg_id bigint primary key generated always as identity, read_ct int default 0 not null,
    enqueued_at timestamptz default now() not null, vt timestamptz not null, message jsonb)', 'q_' || queue_name);
  execute format('create table if not exists pgmq.%I (msg_id bigint primary key, read_ct int default 0 not null, enqueued_at timestamptz default now() not null,
    archived_at timestamptz default now() not null, vt timestamptz not null, message jsonb)', 'a_' || queue_name);
  insert into pgmq.meta values (queue_name, false, false) on conflict do nothing;
end $x$;
create function pgmq.create_unlogged(queue_name text) returns void language sql as $x$ select pgmq.create(queue_name) $x$;
${emptyFunctions(
  'pgmq',
  `
send(queue_name text, msg jsonb) -> setof bigint
send(queue_name text, msg jsonb, delay integer) -> setof bigint
send_batch(queue_name text, msgs jsonb[], delay integer default 0) -> setof bigint
read(queue_name text, vt integer, qty integer) -> setof pgmq.message_record
read_with_poll(queue_name text, vt integer, qty integer, max_poll_seconds integer default 5, poll_interval_ms integer default 100) -> setof pgmq.message_record
pop(queue_name text) -> setof pgmq.message_record
archive(queue_name text, msg_id bigint) -> boolean
archive(queue_name text, msg_ids bigint[]) -> setof bigint
delete(queue_name text, msg_id bigint) -> boolean
delete(queue_name text, msg_ids bigint[]) -> setof bigint
set_vt(queue_name text, msg_id bigint, vt integer) -> setof pgmq.message_record
purge_queue(queue_name text) -> bigint
drop_queue(queue_name text) -> boolean`,
  'language sql volatile',
)}
grant usage, create on schema pgmq to postgres with grant option;
grant all on all tables in schema pgmq to postgres with grant option;
grant all on all functions in schema pgmq to postgres with grant option;
`

const REFUSED_NETWORK = `language plpgsql as $x$ begin raise exception 'refused: the shadow database opens no connections' using errcode = '42501'; end $x$`

export const STAND_INS: Record<string, StandIn> = {
  vector: { script: VECTOR },
  postgis: { script: POSTGIS },
  pg_cron: { schema: 'cron', script: CRON },
  pg_net: { schema: 'net', script: NET },
  http: { script: HTTP },
  supabase_vault: { schema: 'vault', script: VAULT },
  pgmq: { schema: 'pgmq', script: MESSAGE_QUEUE },
  pg_graphql: {
    schema: 'graphql',
    script: emptyFunctions(
      'graphql',
      `
resolve(query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null) -> jsonb
comment_directive(comment_ text) -> jsonb
exception(message text) -> text
get_schema_version() -> integer`,
    ),
  },
  pg_jsonschema: {
    script: emptyFunctions(
      '@schema@',
      `
json_matches_schema(schema json, instance json) -> boolean
jsonb_matches_schema(schema json, instance jsonb) -> boolean
jsonschema_is_valid(schema json) -> boolean
jsonschema_validation_errors(schema json, instance json) -> text[]`,
      'language sql immutable strict',
    ),
  },
  pgjwt: {
    script: emptyFunctions(
      '@schema@',
      `
url_encode(data bytea) -> text
url_decode(data text) -> bytea
algorithm_sign(signables text, secret text, algorithm text) -> text
sign(payload json, secret text, algorithm text default 'HS256') -> text
try_cast_double(inp text) -> double precision
verify(token text, secret text, algorithm text default 'HS256') -> table (header json, payload json, valid boolean)`,
      'language sql immutable',
    ),
  },
  pgsodium: {
    schema: 'pgsodium',
    script: `
create type pgsodium.key_status as enum ('default', 'valid', 'invalid', 'expired');
create type pgsodium.key_type as enum ('aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash', 'generichash', 'kdf', 'secretbox', 'secretstream', 'stream_xchacha20');
create table pgsodium.key (id uuid primary key default gen_random_uuid(), status pgsodium.key_status default 'valid', created timestamptz default now(), expires timestamptz,
  key_type pgsodium.key_type, key_id bigserial, key_context bytea default 'pgsodium', name text unique, associated_data text default '', comment text);
create view pgsodium.valid_key as select * from pgsodium.key where status in ('valid', 'default');
create function pgsodium.create_key(key_type pgsodium.key_type default 'aead-det', name text default null) returns pgsodium.valid_key
  language sql as $x$ insert into pgsodium.key (key_type, name) values ($1, $2) returning * $x$;
${emptyFunctions(
  'pgsodium',
  `
crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea default null) -> bytea
crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea default null) -> bytea
crypto_aead_det_noncegen() -> bytea
randombytes_buf(size integer) -> bytea
derive_key(key_id bigint, key_len integer default 32, context bytea default 'pgsodium') -> bytea`,
)}
grant all on all tables in schema pgsodium to postgres, pgsodium_keyiduser;
`,
  },
  hypopg: {
    script: emptyFunctions(
      '@schema@',
      `
hypopg_create_index(sql_order text) -> table (indexrelid oid, indexname text)
hypopg_drop_index(indexid oid) -> boolean
hypopg_reset() -> void`,
    ),
  },
  index_advisor: {
    script: emptyFunctions(
      '@schema@',
      'index_advisor(query text) -> table (startup_cost_before jsonb, startup_cost_after jsonb, total_cost_before jsonb, total_cost_after jsonb, index_statements text[], errors text[])',
    ),
  },
  pg_hashids: {
    script: emptyFunctions(
      '@schema@',
      `
id_encode(number bigint) -> text
id_encode(number bigint, salt text) -> text
id_encode(number bigint, salt text, min_length integer) -> text
id_decode(hash text) -> bigint[]
id_decode(hash text, salt text, min_length integer) -> bigint[]`,
      'language sql immutable',
    ),
  },
  timescaledb: {
    script: emptyFunctions(
      '@schema@',
      `
create_hypertable(relation regclass, time_column_name name, partitioning_column name default null, number_partitions integer default null, chunk_time_interval interval default null, if_not_exists boolean default false, migrate_data boolean default false) -> void
add_retention_policy(relation regclass, drop_after interval, if_not_exists boolean default false) -> integer
add_compression_policy(hypertable regclass, compress_after interval, if_not_exists boolean default false) -> integer
time_bucket(bucket_width interval, ts timestamptz) -> timestamptz
time_bucket(bucket_width interval, ts timestamp) -> timestamp`,
    ),
  },
  pgroonga: {
    script: `
create access method pgroonga type index handler hashhandler;
create operator class @schema@.pgroonga_text_full_text_search_ops_v2 default for type text using pgroonga as function 1 pg_catalog.hashtext(text);
create function @schema@.pgroonga_match(text, text) returns boolean language sql immutable strict as $x$ select false $x$;
create operator @schema@.&@ (leftarg = text, rightarg = text, function = @schema@.pgroonga_match);
create operator @schema@.&@~ (leftarg = text, rightarg = text, function = @schema@.pgroonga_match);
${emptyFunctions('@schema@', 'pgroonga_score(tableoid oid, ctid tid) -> double precision')}
`,
  },
  dblink: {
    script: `
create function @schema@.dblink(text) returns setof record ${REFUSED_NETWORK};
create function @schema@.dblink(text, text) returns setof record ${REFUSED_NETWORK};
create function @schema@.dblink_connect(text) returns text ${REFUSED_NETWORK};
create function @schema@.dblink_connect(text, text) returns text ${REFUSED_NETWORK};
create function @schema@.dblink_exec(text) returns text ${REFUSED_NETWORK};
create function @schema@.dblink_exec(text, text) returns text ${REFUSED_NETWORK};
create function @schema@.dblink_disconnect(text) returns text ${REFUSED_NETWORK};
`,
  },
  postgres_fdw: {
    script:
      'create foreign data wrapper postgres_fdw; grant usage on foreign data wrapper postgres_fdw to postgres with grant option;',
  },
  file_fdw: { script: 'create foreign data wrapper file_fdw;' },
  // Known, and only their presence matters to a migration.
  ...Object.fromEntries(
    [
      'wrappers',
      'pgtap',
      'plpgsql_check',
      'pgaudit',
      'pg_repack',
      'pg_stat_monitor',
      'pg_tle',
      'postgis_topology',
      'postgis_tiger_geocoder',
      'postgis_raster',
      'postgis_sfcgal',
      'address_standardizer',
      'pgrouting',
      'pg_partman',
      'rum',
      'old_snapshot',
      'adminpack',
      'supautils',
      'safeupdate',
      'plan_filter',
    ].map(name => [name, { script: '' }]),
  ),
}

/** Contrib modules that are there and must not be loaded: they reach out of the database or run other languages. */
export const REFUSED_EXTENSIONS = [
  'dblink',
  'postgres_fdw',
  'file_fdw',
  'plperlu',
  'plpython3u',
  'pltclu',
  'pltcl',
  'plperl',
  'lo',
  'xml2',
  'adminpack',
  'pg_surgery',
  'pageinspect',
]
