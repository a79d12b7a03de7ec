create table public.messages (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  body text not null
);
alter table public.messages enable row level security;
create policy "own messages" on public.messages for select to authenticated using (user_id = (select auth.uid()));

-- Found by the key that the policy itself compares.
create table public.team_members (
  team_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (team_id, user_id)
);
alter table public.team_members enable row level security;
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

-- Everybody sees the published ones, so no index on the author would be used; a post is changed by its key.
create table public.posts (
  id bigint generated always as identity primary key,
  author_id uuid not null references auth.users (id) on delete cascade,
  published boolean not null default false
);
alter table public.posts enable row level security;
create policy "published or own" on public.posts for select using (published or author_id = (select auth.uid()));
create policy "change own" on public.posts for update to authenticated using (author_id = (select auth.uid()));
