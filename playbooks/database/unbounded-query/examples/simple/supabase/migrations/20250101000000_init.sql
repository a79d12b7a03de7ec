create table public.posts (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  body text not null default '',
  is_published boolean not null default false,
  created_at timestamptz not null default now()
);
alter table public.posts enable row level security;
create policy "published posts are public" on public.posts for select using (is_published);

create table public.orders (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  total_cents integer not null,
  placed_at timestamptz not null default now()
);
create index orders_user_id_idx on public.orders (user_id);
alter table public.orders enable row level security;
create policy "own orders" on public.orders for select to authenticated using ((select auth.uid()) = user_id);
