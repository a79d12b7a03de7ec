create table public.members (
  room_id bigint not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (user_id, room_id)
);
alter table public.members enable row level security;
create policy "own" on public.members for select to authenticated using (user_id = (select auth.uid()));
-- expect: database/realtime-hot-table
create table public.messages (
  id bigint generated always as identity primary key,
  room_id bigint not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  body text not null
);
create index messages_room_id_idx on public.messages (room_id);
create index messages_user_id_idx on public.messages (user_id);
alter table public.messages enable row level security;
create policy "members read" on public.messages for select to authenticated
  using (room_id in (select m.room_id from public.members m where m.user_id = (select auth.uid())));
create policy "members write" on public.messages for insert to authenticated with check (user_id = (select auth.uid()));
-- expect: database/realtime-hot-table
create table public.reactions (
  id bigint generated always as identity primary key,
  room_id bigint not null,
  user_id uuid not null references auth.users (id) on delete cascade
);
create index reactions_user_id_idx on public.reactions (user_id);
alter table public.reactions enable row level security;
create policy "own" on public.reactions for select to authenticated using (user_id = (select auth.uid()));
create policy "own write" on public.reactions for insert to authenticated with check (user_id = (select auth.uid()));
alter publication supabase_realtime add table public.messages, public.reactions;
