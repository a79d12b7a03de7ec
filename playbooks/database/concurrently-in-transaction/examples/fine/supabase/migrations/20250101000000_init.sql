create table public.orders (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  total integer not null default 0
);
alter table public.orders enable row level security;
