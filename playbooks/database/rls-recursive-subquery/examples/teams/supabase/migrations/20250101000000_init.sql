create table public.team_members (
  team_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (team_id, user_id)
);
create index team_members_user_id_idx on public.team_members (user_id);
alter table public.team_members enable row level security;
-- expect: database/rls-recursive-subquery
create policy "members of my teams" on public.team_members for select to authenticated
  using (team_id in (select tm.team_id from team_members tm where tm.user_id = (select auth.uid())));

-- Two tables whose policies ask each other.
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users (id) on delete cascade
);
create index projects_owner_id_idx on public.projects (owner_id);
create table public.project_guests (
  project_id uuid not null references public.projects (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (project_id, user_id)
);
create index project_guests_user_id_idx on public.project_guests (user_id);
alter table public.projects enable row level security;
alter table public.project_guests enable row level security;
-- expect: database/rls-recursive-subquery
create policy "own projects and those of guests" on public.projects for select to authenticated
  using (owner_id = (select auth.uid()) or exists (select 1 from public.project_guests g where g.project_id = projects.id));
-- expect: database/rls-recursive-subquery
create policy "guests of visible projects" on public.project_guests for select to authenticated
  using (exists (select 1 from public.projects p where p.id = project_guests.project_id));
