create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  name text not null
);
create table public.topics (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  author_id uuid not null references public.profiles (id)
);
create table public.replies (
  id uuid primary key default gen_random_uuid(),
  topic_id uuid not null references public.topics (id) on delete cascade,
  author_id uuid not null references public.profiles (id),
  body text not null
);
create index topics_author_id_idx on public.topics (author_id);
create index replies_topic_id_idx on public.replies (topic_id);
create index replies_author_id_idx on public.replies (author_id);
alter table public.profiles enable row level security;
alter table public.topics enable row level security;
alter table public.replies enable row level security;
create policy "profiles are public" on public.profiles for select using (true);
create policy "topics are public" on public.topics for select using (true);
create policy "replies are public" on public.replies for select using (true);
create policy "own replies" on public.replies for insert to authenticated with check ((select auth.uid()) = author_id);
