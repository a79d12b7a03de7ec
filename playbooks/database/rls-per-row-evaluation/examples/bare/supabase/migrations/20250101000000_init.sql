create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  role text not null default 'member'
);
alter table public.profiles enable row level security;
-- expect: database/rls-per-row-evaluation
create policy "own profile" on public.profiles for select to authenticated using (auth.uid() = id);

create schema private;
create function private.is_admin() returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select 1 from public.profiles where id = (select auth.uid()) and role = 'admin') $$;

create table public.orders (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade
);
create index orders_user_id_idx on public.orders (user_id);
alter table public.orders enable row level security;
-- expect: database/rls-per-row-evaluation
create policy "own orders, admins all" on public.orders for select to authenticated
  using (user_id = (select auth.uid()) or private.is_admin());

create table public.order_items (
  id bigint generated always as identity primary key,
  order_id bigint not null references public.orders (id) on delete cascade
);
create index order_items_order_id_idx on public.order_items (order_id);
alter table public.order_items enable row level security;
-- expect: database/rls-per-row-evaluation
create policy "items of own orders" on public.order_items for select to authenticated
  using (order_id in (select o.id from public.orders o where o.user_id = auth.uid()));
-- expect: database/rls-per-row-evaluation
create policy "add items" on public.order_items for insert to authenticated
  with check (current_setting('request.jwt.claims', true)::jsonb ->> 'role' = 'authenticated');
