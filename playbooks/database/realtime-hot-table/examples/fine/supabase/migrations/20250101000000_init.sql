-- Not published.
create table public.messages (
  id bigint generated always as identity primary key,
  room_id bigint not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  body text not null
);
create index messages_user_id_idx on public.messages (user_id);
alter table public.messages enable row level security;
create policy "own" on public.messages for select to authenticated using (user_id = (select auth.uid()));
create policy "own write" on public.messages for insert to authenticated with check (user_id = (select auth.uid()));
-- Published, but everybody may see it.
create table public.reactions (
  id bigint generated always as identity primary key,
  room_id bigint not null,
  user_id uuid not null references auth.users (id) on delete cascade
);
create index reactions_user_id_idx on public.reactions (user_id);
alter table public.reactions enable row level security;
create policy "everybody" on public.reactions for select using (true);
create policy "own write" on public.reactions for insert to authenticated with check (user_id = (select auth.uid()));
-- Published, but the app does not write to it.
create table public.settings (id integer primary key, user_id uuid not null references auth.users (id) on delete cascade);
create index settings_user_id_idx on public.settings (user_id);
alter table public.settings enable row level security;
create policy "own" on public.settings for select to authenticated using (user_id = (select auth.uid()));
-- Published once.
create table public.drafts (id bigint generated always as identity primary key, user_id uuid not null references auth.users (id) on delete cascade);
create index drafts_user_id_idx on public.drafts (user_id);
alter table public.drafts enable row level security;
create policy "own" on public.drafts for select to authenticated using (user_id = (select auth.uid()));
alter publication supabase_realtime add table public.reactions, public.settings, public.messages;
alter publication supabase_realtime drop table public.messages;
