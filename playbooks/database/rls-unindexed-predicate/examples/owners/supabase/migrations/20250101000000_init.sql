create table public.messages (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade, -- expect: database/rls-unindexed-predicate
  body text not null
);
alter table public.messages enable row level security;
create policy "own messages" on public.messages for select to authenticated using (user_id = (select auth.uid()));

create table public.team_members (
  team_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade, -- expect: database/rls-unindexed-predicate
  primary key (team_id, user_id)
);
alter table public.team_members enable row level security;

create table public.documents (
  id bigint generated always as identity primary key,
  team_id uuid not null
);
create index documents_team_id_idx on public.documents (team_id);
alter table public.documents enable row level security;
create policy "documents of my teams" on public.documents for select to authenticated
  using (team_id in (select m.team_id from public.team_members m where m.user_id = (select auth.uid())));
