/**
 * The only SQL that is ever sent to a live database (with the catalog queries of tools/schema and the check of rights).
 * Names are qualified: the search path is pg_catalog. App schemas are those that are not PostgreSQL's own.
 */

const APP = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`

/** Schemas of the Supabase platform, which it keeps to itself. */
const PLATFORM =
  '{auth,cron,extensions,graphql,net,pgmq,pgsodium,realtime,storage,supabase_functions,supabase_migrations,vault}'

/** Stands in all of our queries, so that they are not counted among the statements of the app. */
const MARK = '/* scalability-agent */'

/** Of pg_stat_statements: this database, without what we ask ourselves. */
const OF_THE_APP = `s.dbid = (select oid from pg_database where datname = current_database()) and coalesce(s.query, '') not like '%${MARK}%'
  and not (s.userid = (select oid from pg_roles where rolname = current_user) and coalesce(s.query, '') ~* '^(begin|rollback|set local)')`

/** An instant as ISO 8601 in UTC. */
function iso(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
}

export const OVERVIEW = `
select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
  ${iso('coalesce(d.stats_reset, pg_postmaster_start_time())')} as since,
  extract(epoch from now() - coalesce(d.stats_reset, pg_postmaster_start_time()))::float8 / 86400 as days,
  pg_database_size(current_database())::float8 as bytes, pg_is_in_recovery() as replica
from pg_stat_database d where d.datname = current_database()`

export const TABLES = `
select n.nspname as schema, c.relname as name, c.reltuples::float8 as rows, coalesce(s.n_dead_tup, 0)::float8 as "deadRows",
  coalesce(s.n_mod_since_analyze, 0)::float8 as "modifiedSinceAnalyze",
  pg_relation_size(c.oid)::float8 as "tableBytes", pg_indexes_size(c.oid)::float8 as "indexBytes",
  coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)::float8 as "toastBytes", pg_total_relation_size(c.oid)::float8 as "totalBytes",
  coalesce(s.seq_scan, 0)::float8 as "sequentialScans", coalesce(s.seq_tup_read, 0)::float8 as "sequentialRowsRead", coalesce(s.idx_scan, 0)::float8 as "indexScans",
  coalesce(s.n_tup_ins, 0)::float8 as inserts, coalesce(s.n_tup_upd, 0)::float8 as updates, coalesce(s.n_tup_hot_upd, 0)::float8 as "hotUpdates", coalesce(s.n_tup_del, 0)::float8 as deletes,
  ${iso('greatest(s.last_vacuum, s.last_autovacuum)')} as "lastVacuum", ${iso('greatest(s.last_analyze, s.last_autoanalyze)')} as "lastAnalyze",
  (coalesce((select o.option_value::float8 from pg_options_to_table(c.reloptions) o where o.option_name = 'autovacuum_vacuum_threshold'), current_setting('autovacuum_vacuum_threshold')::float8)
    + coalesce((select o.option_value::float8 from pg_options_to_table(c.reloptions) o where o.option_name = 'autovacuum_vacuum_scale_factor'), current_setting('autovacuum_vacuum_scale_factor')::float8)
    * greatest(c.reltuples, 0))::float8 as "vacuumThreshold"
from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_all_tables s on s.relid = c.oid
where c.relkind in ('r', 'm') and ${APP} order by pg_total_relation_size(c.oid) desc, 1, 2 limit 2000`

/** `last_idx_scan` is there from version 16 on. */
export function indexesQuery(major: number): string {
  const lastScan = major >= 16 ? iso('s.last_idx_scan') : 'null'
  return `
select s.schemaname as schema, s.relname as table, s.indexrelname as name, s.idx_scan::float8 as scans, s.idx_tup_read::float8 as "rowsRead",
  pg_relation_size(s.indexrelid)::float8 as bytes, i.indisunique as unique, i.indisprimary as primary, i.indisvalid as valid,
  exists (select from pg_constraint k where k.conindid = s.indexrelid and k.contype in ('p', 'u', 'x')) as constraint,
  pg_get_indexdef(s.indexrelid) as definition, ${lastScan} as "lastScan"
from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid order by pg_relation_size(s.indexrelid) desc, 1, 3 limit 5000`
}

export const CACHE = `
select sum(heap_blks_hit)::float8 / nullif(sum(heap_blks_hit) + sum(heap_blks_read), 0)::float8 as "tableHitRatio",
  sum(idx_blks_hit)::float8 / nullif(sum(idx_blks_hit) + sum(idx_blks_read), 0)::float8 as "indexHitRatio"
from pg_statio_user_tables`

export const CONNECTION_LIMITS = `
select current_setting('max_connections')::int as maximum, current_setting('superuser_reserved_connections')::int as reserved,
  (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used`

export const CONNECTION_GROUPS = `
select coalesce(usename::text, '(unknown)') as role, coalesce(state, '(hidden)') as state,
  case when application_name ~* '^(postgrest|supavisor|realtime|supabase|gotrue|storage|pgbouncer|postgres.js|prisma|psql|pg_cron|logflare)' then application_name else '' end as application,
  count(*)::int as count, coalesce(max(extract(epoch from now() - state_change)), 0)::float8 as "oldestSeconds"
from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit 100`

export const IDLE_IN_TRANSACTION = `
select count(*)::int as count, coalesce(max(extract(epoch from now() - state_change)), 0)::float8 as "oldestSeconds"
from pg_stat_activity where state like 'idle in transaction%' and pid <> pg_backend_pid()`

export const LONG_RUNNING = `
select pid, coalesce(usename::text, '(unknown)') as role, extract(epoch from now() - query_start)::float8 as seconds, state,
  wait_event_type || ':' || wait_event as "waitEvent", coalesce(query, '') as query
from pg_stat_activity
where backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle' and now() - query_start > interval '5 seconds'
order by query_start limit 50`

export const BLOCKING = `
select w.pid as "blockedPid", coalesce(w.usename::text, '(unknown)') as "blockedRole", extract(epoch from now() - w.query_start)::float8 as "blockedSeconds", coalesce(w.query, '') as "blockedQuery",
  b.pid as "blockingPid", coalesce(b.usename::text, '(unknown)') as "blockingRole", extract(epoch from now() - coalesce(b.xact_start, b.query_start))::float8 as "blockingSeconds",
  coalesce(b.state, '') as "blockingState", coalesce(b.query, '') as "blockingQuery"
from pg_stat_activity w cross join lateral unnest(pg_blocking_pids(w.pid)) as blocker(pid) join pg_stat_activity b on b.pid = blocker.pid
where w.wait_event_type = 'Lock' order by 3 desc limit 50`

/** Weaker modes than these let everybody else read and write. */
export const LOCKS = `
select l.pid, coalesce(a.usename::text, '(unknown)') as role, n.nspname || '.' || c.relname as relation, l.mode, l.granted,
  coalesce(extract(epoch from now() - coalesce(a.xact_start, a.query_start)), 0)::float8 as seconds, coalesce(a.query, '') as query
from pg_locks l join pg_stat_activity a on a.pid = l.pid
left join pg_class c on c.oid = l.relation and l.database = (select oid from pg_database where datname = current_database())
left join pg_namespace n on n.oid = c.relnamespace
where l.pid <> pg_backend_pid() and (a.datname is null or a.datname = current_database())
  and (not l.granted or (l.locktype = 'relation' and c.oid is not null
    and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')))
order by l.granted, 6 desc, l.pid, 3 limit 100`

export const ROLES = `
select r.rolname::text as role, count(a.pid)::int as connections, count(a.pid) filter (where a.state = 'active')::int as active,
  nullif(r.rolconnlimit, -1) as "limit"
from pg_roles r left join pg_stat_activity a on a.usename = r.rolname and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
where r.rolcanlogin group by r.rolname, r.rolconnlimit having count(a.pid) > 0 or r.rolconnlimit <> -1 order by 2 desc, 1 limit 100`

/** Where pg_stat_statements lives and what columns it has: it may be an older version than the server's. */
export const STATEMENTS_HOME = `
select n.nspname as schema,
  array(select a.attname::text from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relname = 'pg_stat_statements' and c.relnamespace = n.oid and a.attnum > 0) as columns
from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'`

/** Schema names come from the catalog and are quoted. Only statements of this database. */
export function statementsQuery(schema: string): string {
  const view = `${quoted(schema)}.pg_stat_statements`
  return `
with own as (
  select s.* from ${view} s where ${OF_THE_APP}
), ranked as (
  select own.*, row_number() over (order by total_exec_time desc) as by_time, row_number() over (order by calls desc) as by_calls from own
)
select r.queryid::text as "queryId", coalesce(pg_get_userbyid(r.userid)::text, '') as role, coalesce(r.query, '') as query, r.calls::float8 as calls,
  r.total_exec_time as "totalMs", r.mean_exec_time as "meanMs", r.max_exec_time as "maxMs", r.stddev_exec_time as "stddevMs", r.rows::float8 as rows,
  r.shared_blks_hit::float8 / nullif(r.shared_blks_hit + r.shared_blks_read, 0)::float8 as "hitRatio",
  r.shared_blks_read::float8 as "sharedBlocksRead", r.temp_blks_written::float8 as "temporaryBlocksWritten"
from ranked r where r.by_time <= 100 or r.by_calls <= 50 order by r.total_exec_time desc, r.queryid`
}

export function statementTotalsQuery(schema: string): string {
  return `
select coalesce(sum(total_exec_time), 0)::float8 as "totalMs", coalesce(sum(calls), 0)::float8 as "totalCalls"
from ${quoted(schema)}.pg_stat_statements s where ${OF_THE_APP}`
}

/** The companion view is there from 1.9 (PostgreSQL 14) on. */
export function statementInfoQuery(schema: string): string {
  return `select dealloc::float8 as evictions, ${iso('stats_reset')} as since from ${quoted(schema)}.pg_stat_statements_info`
}

/**
 * Expected size from the planner's statistics: row width, alignment and page overhead against the pages there are. Tables
 * whose columns we may not see the statistics of are left out.
 */
export const BLOAT = `
with widths as (
  select c.oid, n.nspname as schema, c.relname as name, c.reltuples, c.relpages,
    coalesce((select o.option_value::float8 from pg_options_to_table(c.reloptions) o where o.option_name = 'fillfactor'), 100) / 100 as fill,
    sum((1 - s.null_frac) * s.avg_width)::float8 as width, max(s.null_frac) as nulls,
    count(s.attname) as seen, (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and not s.inherited
  where c.relkind in ('r', 'm') and ${APP} and c.relpages > 16 and c.reltuples > 0
  group by c.oid, n.nspname, c.relname
), sized as (
  select *, 4 + ceil((23 + case when nulls > 0 then ceil(columns / 8.0) else 0 end) / 8.0) * 8 + ceil(width / 8.0) * 8 as row_bytes from widths where seen = columns
)
select schema, name, greatest(relpages - ceil(reltuples * row_bytes / (8168 * fill)), 0)::float8 * 8192 as "wastedBytes",
  (relpages / greatest(ceil(reltuples * row_bytes / (8168 * fill)), 1))::float8 as ratio
from sized order by 3 desc limit 200`

export const SEQUENCES = `
select s.schemaname as schema, s.sequencename as name, tc.relname as table, a.attname as column, format_type(a.atttypid, null) as "columnType",
  s.last_value::float8 as "lastValue", s.max_value::float8 as maximum, s.increment_by::float8 as increment
from pg_sequences s
join pg_class c on c.relname = s.sequencename join pg_namespace n on n.oid = c.relnamespace and n.nspname = s.schemaname
left join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass
left join pg_class tc on tc.oid = d.refobjid left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
where s.last_value is not null and s.increment_by > 0 order by s.last_value::float8 / s.max_value desc limit 500`

/** Of the sequences, those whose counter this role may see and those it may not. */
export const SEQUENCES_SEEN = `
select count(*) filter (where has_sequence_privilege(c.oid, 'select, usage'))::int as seen,
  count(*) filter (where not has_sequence_privilege(c.oid, 'select, usage'))::int as hidden
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'S' and ${APP} and n.nspname <> all ('${PLATFORM}')`

export const WRAPAROUND = `
select age(datfrozenxid)::float8 as "databaseAge", current_setting('autovacuum_freeze_max_age')::float8 as "freezeMaxAge"
from pg_database where datname = current_database()`

export const WRAPAROUND_TABLES = `
select n.nspname as schema, c.relname as name, age(c.relfrozenxid)::float8 as age
from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm') and ${APP} order by 3 desc limit 10`

export const REPLICATION = `
select slot_name::text as name, active, coalesce(wal_status, '') as status,
  case when pg_is_in_recovery() then 0 else coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::float8 end as "retainedBytes"
from pg_replication_slots order by 1`

/** Whether this role sees the statistics of any table of the app, and whether there are any. */
export const STATISTICS_SEEN = `
select exists (select from pg_stats where schemaname !~ '^pg_' and schemaname <> 'information_schema') as seen,
  exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and c.reltuples > 0 and ${APP}) as analyzed`

/** Shape of the data without the data: no most common values, no histogram. */
export const COLUMN_STATISTICS = `
select schemaname as schema, tablename as table, attname as column, null_frac::float8 as "nullFraction", n_distinct::float8 as distinct,
  avg_width as "averageWidth", correlation::float8 as correlation
from pg_stats where schemaname !~ '^pg_' and schemaname <> 'information_schema' and not inherited order by 1, 2, 3 limit 20000`

export const SERVER_SETTINGS = `
select name, case when name in ('statement_timeout', 'lock_timeout') then reset_val || 'ms' else current_setting(name) end as value
from pg_settings where name in (
  'autovacuum', 'effective_cache_size', 'effective_io_concurrency', 'idle_in_transaction_session_timeout', 'jit', 'lock_timeout', 'log_min_duration_statement',
  'maintenance_work_mem', 'max_connections', 'max_parallel_workers_per_gather', 'random_page_cost', 'shared_buffers', 'statement_timeout',
  'superuser_reserved_connections', 'track_io_timing', 'wal_level', 'work_mem') order by 1`

export const ROLE_SETTINGS = `
select r.rolname::text as role, split_part(s.setting, '=', 1) as setting, substr(s.setting, strpos(s.setting, '=') + 1) as value
from pg_db_role_setting d cross join lateral unnest(d.setconfig) as s(setting) left join pg_roles r on r.oid = d.setrole
where (d.setdatabase = 0 or d.setdatabase = (select oid from pg_database where datname = current_database()))
  and split_part(s.setting, '=', 1) in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'work_mem', 'search_path', 'pgrst.db_schemas',
    'pgrst.db_max_rows', 'pgrst.db_plan_enabled', 'pgrst.db_pool', 'session_preload_libraries', 'default_transaction_read_only')
order by 1 nulls first, 2`

/** Behind the first word: in front of it PostgreSQL would not record the comment. */
export function marked(sql: string): string {
  return sql.replace(/^\s*(select|with)\b/i, word => `${word} ${MARK}`)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
