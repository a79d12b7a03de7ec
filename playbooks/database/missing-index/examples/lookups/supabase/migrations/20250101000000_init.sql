create table public.teams (
  id uuid primary key default gen_random_uuid(),
  name text not null
);
alter table public.teams enable row level security;

create table public.repos (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  team_id uuid references public.teams (id), -- expect: database/missing-index
  full_name text not null, -- expect: database/missing-index
  stars integer not null default 0, -- expect: database/missing-index
  created_at timestamptz not null default now()
);
create index repos_user_id_created_at_idx on public.repos (user_id, created_at desc);
alter table public.repos enable row level security;
create policy "repos are public" on public.repos for select using (true);
create policy "own repos" on public.repos for insert to authenticated with check ((select auth.uid()) = user_id);
