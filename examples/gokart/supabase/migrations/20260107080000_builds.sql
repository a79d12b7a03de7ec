create type public.build_visibility as enum ('public', 'private');

create table public.builds (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  engine_id uuid not null references public.engines (id),
  name text not null check (char_length(name) between 3 and 80),
  description text not null default '' check (char_length(description) <= 2000),
  visibility public.build_visibility not null default 'public',
  like_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index builds_user_id_idx on public.builds (user_id);
create index builds_engine_id_idx on public.builds (engine_id);
create index builds_public_created_at_idx on public.builds (created_at desc, id desc) where visibility = 'public';

create trigger builds_set_updated_at
  before update on public.builds
  for each row execute function public.set_updated_at();

alter table public.builds enable row level security;

create policy "Builds are visible to everyone or to their owner"
  on public.builds for select
  using (visibility = 'public' or auth.uid() = user_id);

create policy "Members add their own builds"
  on public.builds for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy "Members change their own builds"
  on public.builds for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy "Members remove their own builds"
  on public.builds for delete to authenticated
  using (user_id = (select auth.uid()));

-- The number of likes is kept by a trigger and never written by members.
revoke insert, update on public.builds from anon, authenticated;
grant insert (id, user_id, engine_id, name, description, visibility) on public.builds to authenticated;
grant update (engine_id, name, description, visibility) on public.builds to authenticated;

create table public.build_parts (
  build_id uuid not null references public.builds (id) on delete cascade,
  part_id uuid not null references public.parts (id),
  quantity smallint not null default 1 check (quantity between 1 and 20),
  primary key (build_id, part_id)
);

create index build_parts_part_id_idx on public.build_parts (part_id);

alter table public.build_parts enable row level security;

create policy "Parts of visible builds are visible"
  on public.build_parts for select
  using (exists (select 1 from public.builds b where b.id = build_id));

create policy "Members add parts to their own builds"
  on public.build_parts for insert to authenticated
  with check (
    exists (select 1 from public.builds b where b.id = build_id and b.user_id = (select auth.uid()))
  );

create policy "Members change parts of their own builds"
  on public.build_parts for update to authenticated
  using (exists (select 1 from public.builds b where b.id = build_id and b.user_id = (select auth.uid())))
  with check (
    exists (select 1 from public.builds b where b.id = build_id and b.user_id = (select auth.uid()))
  );

create policy "Members remove parts from their own builds"
  on public.build_parts for delete to authenticated
  using (exists (select 1 from public.builds b where b.id = build_id and b.user_id = (select auth.uid())));
