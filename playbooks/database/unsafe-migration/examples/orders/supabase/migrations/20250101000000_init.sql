create table public.customers (
  id bigint generated always as identity primary key,
  email text not null
);
create table public.orders (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  customer_id bigint,
  total integer,
  note varchar(20)
);
create index orders_user_id_idx on public.orders (user_id);
alter table public.customers enable row level security;
alter table public.orders enable row level security;
create policy "own orders" on public.orders for all to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
