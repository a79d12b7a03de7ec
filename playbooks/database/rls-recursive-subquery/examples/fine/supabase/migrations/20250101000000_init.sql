create schema private;
create table public.team_members (
  team_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (team_id, user_id)
);
create index team_members_user_id_idx on public.team_members (user_id);
alter table public.team_members enable row level security;
create policy "members of my teams" on public.team_members for select to authenticated
  using (team_id in (select tm.team_id from team_members tm where tm.user_id = (select auth.uid())));

create table public.replies (
  id bigint generated always as identity primary key,
  parent_id bigint references public.replies (id),
  author_id uuid not null references auth.users (id) on delete cascade
);
create index replies_parent_id_idx on public.replies (parent_id);
alter table public.replies enable row level security;
create policy "replies are public" on public.replies for select using (true);
-- Reading replies asks no sub-select, so this one ends.
create policy "remove own replies without answers" on public.replies for delete to authenticated
  using (author_id = (select auth.uid()) and not exists (select 1 from public.replies r where r.parent_id = replies.id));

-- One way only.
create table public.documents (
  id bigint generated always as identity primary key,
  team_id uuid not null
);
alter table public.documents enable row level security;
create policy "documents of my teams" on public.documents for select to authenticated
  using (exists (
    select 1 from public.team_members m
    where m.team_id = documents.team_id and m.user_id = (select auth.uid())
  ));
