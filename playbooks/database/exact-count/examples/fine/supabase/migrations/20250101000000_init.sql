create table public.threads (
  id uuid primary key default gen_random_uuid(),
  title text not null
);
create table public.replies (
  id uuid primary key default gen_random_uuid(),
  thread_id uuid not null references public.threads (id) on delete cascade,
  body text not null
);
create index replies_thread_id_idx on public.replies (thread_id);
create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  read_at timestamptz
);
create index notifications_user_id_idx on public.notifications (user_id);
create table public.parts (id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (id uuid primary key default gen_random_uuid(), name text not null);
alter table public.threads enable row level security;
alter table public.replies enable row level security;
alter table public.notifications enable row level security;
alter table public.parts enable row level security;
alter table public.members enable row level security;
create policy "public read" on public.threads for select using (true);
create policy "public read" on public.replies for select using (true);
create policy "public read" on public.parts for select using (true);
create policy "public read" on public.members for select using (true);
create policy "own rows" on public.notifications to authenticated using ((select auth.uid()) = user_id);
