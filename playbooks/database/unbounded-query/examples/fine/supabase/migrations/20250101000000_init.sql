create table public.posts (
  id uuid primary key default gen_random_uuid(),
  slug text not null default gen_random_uuid()::text,
  author_id uuid references auth.users (id) on delete set null,
  title text not null,
  body text not null,
  topic text not null default 'news',
  created_at timestamptz not null default now()
);
create index posts_author_id_idx on public.posts (author_id);
alter table public.posts enable row level security;
create policy "posts are public" on public.posts for select using (true);
create policy "own posts" on public.posts for insert to authenticated with check ((select auth.uid()) = author_id);

create table public.post_tags (
  post_id uuid not null references public.posts (id) on delete cascade,
  tag text not null,
  primary key (post_id, tag)
);
alter table public.post_tags enable row level security;
create policy "tags are public" on public.post_tags for select using (true);

create table public.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  name text not null,
  avatar_path text not null default 'default.png'
);
alter table public.profiles enable row level security;
create policy "own profile" on public.profiles for select to authenticated using ((select auth.uid()) = user_id);

create table public.votes (
  user_id uuid not null references auth.users (id) on delete cascade,
  post_id uuid not null references public.posts (id) on delete cascade,
  value smallint not null
);
alter table public.votes enable row level security;
create policy "own votes" on public.votes for select to authenticated using ((select auth.uid()) = user_id);
