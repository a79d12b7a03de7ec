import type { Symptom } from '../../reports/runbook.ts'

/** What is seen first when an app of this kind runs out of something, and which playbooks name its causes. Numbers: shared facts on Supabase's limits. */
export const SYMPTOMS: readonly (Omit<Symptom, 'suspects'> & { playbooks: readonly string[] })[] = [
  {
    title: 'Pages wait, then fail: 504, PGRST003',
    seen: 'The Data API had no free connection for 10 seconds. Every running query holds one.',
    look: [
      "select count(*) filter (where state = 'active') as active, count(*) as all_connections, current_setting('max_connections') from pg_stat_activity;",
      "select pid, now() - query_start as runs_for, wait_event_type, left(query, 100) from pg_stat_activity where state = 'active' order by 2 desc limit 20;",
    ],
    playbooks: [
      'database/unbounded-query',
      'database/n-plus-one',
      'database/missing-index',
      'database/exact-count',
      'database/direct-connection',
      'api/missing-timeout',
    ],
    relief: [
      'End the longest queries that only read: `select pg_cancel_backend(pid)`.',
      'Give the route that sends them a period (`revalidate`) or take its link away until it is bounded.',
      'A larger compute size has more connections and more memory; it takes a restart.',
    ],
  },
  {
    title: 'Queries are cancelled: 57014, statement timeout',
    seen: 'A query ran longer than its role may: 3 seconds for anon, 8 for authenticated, unless it was changed.',
    look: [
      "select rolname, rolconfig from pg_roles where rolname in ('anon', 'authenticated', 'authenticator');",
      'select calls, round(mean_exec_time) as mean_ms, rows / greatest(calls, 1) as rows_each, left(query, 100) from pg_stat_statements order by total_exec_time desc limit 20;',
    ],
    playbooks: [
      'database/unbounded-query',
      'database/missing-index',
      'database/rls-per-row-evaluation',
      'database/rls-unindexed-predicate',
      'database/rls-recursive-subquery',
      'database/offset-pagination',
      'database/search-without-index',
    ],
    relief: [
      '`explain (analyze, buffers)` of the query under the role that sends it: a Seq Scan or a call in the Filter names the cause.',
      'Build the missing index with `create index concurrently`.',
      'A longer timeout makes the queue longer: not a remedy.',
    ],
  },
  {
    title: 'CPU of the database stays above 80 %',
    seen: 'The dashboard shows it; everything is slow at once.',
    look: [
      'select round(total_exec_time) as total_ms, calls, round(mean_exec_time::numeric, 1) as mean_ms, left(query, 100) from pg_stat_statements order by total_exec_time desc limit 10;',
    ],
    playbooks: [
      'database/rls-per-row-evaluation',
      'database/multiple-permissive-policies',
      'database/n-plus-one',
      'database/exact-count',
      'caching/force-dynamic',
      'caching/dynamic-layout',
      'database/trigger-per-row-count',
    ],
    relief: [
      'The statement at the top names the route (below); cache or bound that one first.',
      'Then the next. Ten statements make most of the load in most apps.',
    ],
  },
  {
    title: 'Sign-in fails, or Auth answers 429',
    seen: 'Requests to Auth are limited by address and by project; a server sends all of its from a few addresses.',
    look: [
      "select count(*), date_trunc('minute', created_at) from auth.audit_log_entries where created_at > now() - interval '1 hour' group by 2 order by 2;",
    ],
    playbooks: [
      'auth/user-lookup-per-request',
      'caching/dynamic-layout',
      'api/missing-rate-limit',
      'auth/session-not-verified',
    ],
    relief: [
      'Narrow the matcher of the proxy to the paths that need a user.',
      '`getClaims()` with asymmetric keys checks the session without a request.',
    ],
  },
  {
    title: 'Functions time out or run by the thousand',
    seen: 'Vercel shows 504 FUNCTION_INVOCATION_TIMEOUT, or concurrency that climbs with the traffic.',
    look: ['-- vercel logs <deployment> --json | grep -c 504, then by path'],
    playbooks: [
      'api/missing-timeout',
      'caching/force-dynamic',
      'caching/dynamic-layout',
      'caching/inert-revalidate',
      'database/n-plus-one',
    ],
    relief: [
      'A partner that does not answer: switch it off where it is called, and set a timeout.',
      'A page that is the same for everybody: `export const revalidate = 60` takes its traffic off the functions.',
    ],
  },
  {
    title: 'Somebody sends more than everybody else',
    seen: 'One address, one account or one path makes most of the requests.',
    look: ['-- Vercel: Firewall, Traffic; by path and by address, last hour'],
    playbooks: [
      'api/missing-rate-limit',
      'api/fail-open-rate-limit',
      'api/missing-input-validation',
      'api/missing-auth-check',
    ],
    relief: [
      'Block or challenge the address or the path in the firewall.',
      'A limiter that lets everybody through when its store fails is off exactly now: see below.',
    ],
  },
]
