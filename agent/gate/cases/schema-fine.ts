import type { GateCase } from './case.ts'
import { INIT, MIGRATIONS, only } from './shop.ts'

const base = only(`${MIGRATIONS}20240101000000_init.sql`)

function migration(name: string, sql: string): GateCase {
  return { name, base, change: { [`${MIGRATIONS}20240601000000_change.sql`]: `${sql}\n` } }
}

export const SCHEMA_FINE: GateCase[] = [
  migration('index', 'create index concurrently if not exists orders_user_id_idx on public.orders (user_id);'),
  migration(
    'partial and covering index',
    `create index orders_open_idx on public.orders (user_id, created_at desc) include (status) where status = 'open';`,
  ),
  migration(
    'index on a table that is not among the files',
    'create index if not exists comments_post_id_idx on public.comments (post_id);',
  ),
  migration(
    'indexes made in a loop',
    `do $$ declare t text; begin
  foreach t in array array['orders', 'members'] loop
    execute format('create index if not exists %I on public.%I (user_id)', t || '_user_idx', t);
  end loop;
end $$;`,
  ),
  migration('duplicate index dropped', 'create index a on public.orders (user_id); drop index if exists public.a;'),
  migration(
    'auth.uid() wrapped by ALTER POLICY',
    `alter policy "own orders" on public.orders using ((select auth.uid()) = user_id);
alter policy "change own orders" on public.orders using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);`,
  ),
  migration(
    'policy made again, wrapped and turned around',
    `drop policy if exists "own orders" on public.orders;
create policy "own orders" on public.orders as permissive for select to authenticated using (user_id = (select auth.uid()));`,
  ),
  migration(
    'EXISTS becomes IN',
    `drop policy "members see teams" on public.teams;
create policy "members see teams" on public.teams for select to authenticated
  using (id in (select team_id from public.members where user_id = (select auth.uid())));`,
  ),
  migration(
    'definer function wrapped',
    `drop policy "admins edit products" on public.products;
create policy "admins edit products" on public.products for all to authenticated
  using ((select public.is_admin())) with check ((select public.is_admin()));`,
  ),
  migration(
    'ALL split into its commands',
    `drop policy "admins edit products" on public.products;
create policy "admins read products" on public.products for select to authenticated using ((select public.is_admin()));
create policy "admins add products" on public.products for insert to authenticated with check ((select public.is_admin()));
create policy "admins change products" on public.products for update to authenticated using ((select public.is_admin())) with check ((select public.is_admin()));
create policy "admins remove products" on public.products for delete to authenticated using ((select public.is_admin()));`,
  ),
  migration(
    'two policies merged into one',
    `drop policy "public catalogue" on public.products;
drop policy "admins edit products" on public.products;
create policy "read products" on public.products for select using (published);
create policy "admins read" on public.products for select to authenticated using ((select public.is_admin()));
create policy "admins add" on public.products for insert to authenticated with check ((select public.is_admin()));
create policy "admins change" on public.products for update to authenticated using ((select public.is_admin()));
create policy "admins remove" on public.products for delete to authenticated using ((select public.is_admin()));`,
  ),
  migration(
    'stricter policy',
    'alter policy "own orders" on public.orders using ((select auth.uid()) = user_id and status <> \'deleted\');',
  ),
  migration(
    'restrictive policy added',
    `create policy "no blocked rows" on public.orders as restrictive for select using (status <> 'blocked');`,
  ),
  migration('row level security forced', 'alter table public.orders force row level security;'),
  migration('privileges taken away', 'revoke insert, update, delete on public.audit_log from anon, authenticated;'),
  migration(
    'column added and filled',
    `alter table public.products add column if not exists order_count bigint not null default 0;
update public.products p set order_count = (select count(*) from public.orders o where o.product_id = p.id);`,
  ),
  migration(
    'text search column',
    `alter table public.products add column search tsvector generated always as (to_tsvector('english', name)) stored;
create index products_search_idx on public.products using gin (search);`,
  ),
  migration(
    'trigram index',
    `create extension if not exists pg_trgm with schema extensions;
create index products_name_trgm on public.products using gin (name extensions.gin_trgm_ops);`,
  ),
  migration('type widened', `alter table public.products alter column name type text;`),
  migration(
    'constraint added and validated',
    `alter table public.orders add constraint orders_total_check check (total >= 0) not valid;
alter table public.orders validate constraint orders_total_check;`,
  ),
  migration(
    'new table behind row level security',
    `create table public.rate_limits (key text primary key, hits int not null default 0, reset_at timestamptz not null);
alter table public.rate_limits enable row level security;
revoke all on public.rate_limits from anon, authenticated;`,
  ),
  migration(
    'counting function with the caller’s rights',
    `create function public.order_totals() returns table (status text, orders bigint) language sql stable
as $$ select status, count(*) from public.orders group by status $$;`,
  ),
  migration(
    'definer function tied to its caller',
    `create function public.my_teams() returns setof uuid language sql stable security definer set search_path = ''
as $$ select team_id from public.members where user_id = (select auth.uid()) $$;
revoke execute on function public.my_teams() from public, anon;`,
  ),
  migration(
    'search_path fixed, session asked once',
    `create or replace function public.is_admin() returns boolean language sql stable security definer set search_path = ''
as $$ select exists (select 1 from public.profiles where id = (select auth.uid()) and role = 'admin') $$;`,
  ),
  migration(
    'view with the rights of who asks',
    "create view public.open_orders with (security_invoker = on) as select id, total from public.orders where status = 'open';",
  ),
  migration(
    'materialized view that nobody outside reads',
    `create materialized view public.product_totals as select product_id, count(*) as orders from public.orders group by product_id;
revoke all on public.product_totals from anon, authenticated;
create unique index on public.product_totals (product_id);`,
  ),
  migration(
    'job that refreshes',
    `create materialized view public.product_totals as select product_id, count(*) as orders from public.orders group by product_id;
revoke all on public.product_totals from anon, authenticated;
create extension if not exists pg_cron;
select cron.schedule('totals', '*/10 * * * *', 'refresh materialized view public.product_totals');`,
  ),
  migration(
    'shorter timeout, storage parameters, statistics',
    `alter role anon set statement_timeout = '2s';
alter table public.orders set (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 90);
alter table public.orders alter column status set statistics 500;
analyze public.orders;`,
  ),
  {
    name: 'migration reformatted',
    base,
    change: {
      [`${MIGRATIONS}20240101000000_init.sql`]: `-- The first migration.\n${INIT.replace(/, name text not null/, ',\n  name text not null')}`,
    },
  },
  {
    name: 'wrapped, with a way back',
    base,
    change: {
      [`${MIGRATIONS}20240601000000_wrap.sql`]:
        'alter policy "own orders" on public.orders using ((select auth.uid()) = user_id);\n',
      'docs/rollback/20240601000000_wrap.down.sql':
        'alter policy "own orders" on public.orders using (auth.uid() = user_id);\n',
    },
  },
  {
    name: 'index, with a way back',
    base,
    change: {
      [`${MIGRATIONS}20240601000000_index.sql`]:
        'create index concurrently if not exists orders_user_id_idx on public.orders (user_id);\n',
      'docs/rollback/20240601000000_index.down.sql': 'drop index concurrently if exists public.orders_user_id_idx;\n',
    },
  },
]
