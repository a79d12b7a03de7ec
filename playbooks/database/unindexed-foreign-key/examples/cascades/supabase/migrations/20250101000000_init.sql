create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  name text not null
);
alter table public.profiles enable row level security;
create policy "profiles are public" on public.profiles for select using (true);

create table public.orders (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  placed_at timestamptz not null default now()
);
create index orders_user_id_idx on public.orders (user_id);
alter table public.orders enable row level security;
create policy "own orders" on public.orders for select to authenticated using ((select auth.uid()) = user_id);

create table public.order_items (
  id bigint generated always as identity primary key,
  order_id uuid not null references public.orders (id) on delete cascade, -- expect: database/unindexed-foreign-key
  title text not null
);
alter table public.order_items enable row level security;
create policy "items of visible orders" on public.order_items for select to authenticated
  using (order_id in (select o.id from public.orders o where o.user_id = (select auth.uid())));

create table public.comments (
  id bigint generated always as identity primary key,
  author_id uuid references public.profiles (id) on delete set null, -- expect: database/unindexed-foreign-key
  approved_by uuid references public.profiles (id) on delete set null,
  body text not null
);
alter table public.comments enable row level security;
create policy "comments are public" on public.comments for select using (true);
