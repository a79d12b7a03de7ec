create table public.builds (
  id bigint generated always as identity primary key,
  slug text not null unique,
  user_id uuid not null references auth.users (id) on delete cascade,
  public boolean not null default false,
  created_at timestamptz not null default now()
);
create index builds_user_id_idx on public.builds (user_id);
create index builds_user_created_idx on public.builds (user_id, created_at desc);
create index builds_user_created_asc_idx on public.builds (user_id, created_at);
create index builds_public_user_idx on public.builds (user_id) where public;
create index builds_user_hash_idx on public.builds using hash (user_id);
create index builds_old_idx on public.builds (user_id);
alter table public.builds enable row level security;
