create table public.forum_categories (
  id smallint generated always as identity primary key,
  slug text not null unique,
  name text not null,
  description text not null default '',
  position smallint not null default 0,
  topic_count integer not null default 0
);

alter table public.forum_categories enable row level security;

create policy "Forum categories are visible to everyone"
  on public.forum_categories for select
  using (true);

create table public.forum_topics (
  id bigint generated always as identity primary key,
  category_id smallint not null references public.forum_categories (id),
  author_id uuid references public.profiles (id) on delete set null,
  title text not null check (char_length(title) between 5 and 120),
  pinned boolean not null default false,
  locked boolean not null default false,
  post_count integer not null default 0,
  last_post_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);

create index forum_topics_category_activity_idx
  on public.forum_topics (category_id, last_post_at desc, id desc);
create index forum_topics_author_id_idx on public.forum_topics (author_id);
-- The forum's front page asks for the latest topics of all categories.
create index forum_topics_activity_idx on public.forum_topics (last_post_at desc, id desc);

alter table public.forum_topics enable row level security;

create policy "Topics are visible to everyone"
  on public.forum_topics for select
  using (true);

create policy "Members open topics"
  on public.forum_topics for insert to authenticated
  with check (author_id = (select auth.uid()));

create policy "Admins change topics"
  on public.forum_topics for update to authenticated
  using ((select private.is_admin()))
  with check ((select private.is_admin()));

revoke insert on public.forum_topics from anon, authenticated;
grant insert (category_id, author_id, title) on public.forum_topics to authenticated;

create table public.forum_posts (
  id bigint generated always as identity primary key,
  topic_id bigint not null references public.forum_topics (id) on delete cascade,
  author_id uuid references public.profiles (id) on delete set null,
  body text not null check (char_length(body) between 1 and 10000),
  created_at timestamptz not null default now()
);

create index forum_posts_topic_id_created_at_idx on public.forum_posts (topic_id, created_at);

alter table public.forum_posts enable row level security;

create policy "Posts are visible to everyone"
  on public.forum_posts for select
  using (true);

create policy "Members reply to open topics"
  on public.forum_posts for insert to authenticated
  with check (
    author_id = (select auth.uid())
    and exists (select 1 from public.forum_topics t where t.id = topic_id and not t.locked)
  );

revoke insert on public.forum_posts from anon, authenticated;
grant insert (topic_id, author_id, body) on public.forum_posts to authenticated;
