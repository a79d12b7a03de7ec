-- The provider comes first, and the query fixes it as well.
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  provider text not null,
  provider_order_id text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  unique (provider, provider_order_id)
);
create index orders_user_id_idx on public.orders (user_id);
alter table public.orders enable row level security;
create policy "own orders" on public.orders for select to authenticated using ((select auth.uid()) = user_id);
