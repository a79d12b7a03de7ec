create table public.builds (
  id bigint generated always as identity primary key,
  slug text not null unique,
  user_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz not null default now()
);
create index builds_user_id_idx on public.builds (user_id);
alter table public.builds enable row level security;
