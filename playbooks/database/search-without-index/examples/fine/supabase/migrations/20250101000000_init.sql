create extension if not exists pg_trgm with schema extensions;
create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  slug text not null
);
create index posts_user_id_idx on public.posts (user_id);
create index posts_title_trgm_idx on public.posts using gin (title extensions.gin_trgm_ops);
create index posts_slug_idx on public.posts (slug text_pattern_ops);
alter table public.posts enable row level security;
create policy "everybody" on public.posts for select using (true);
create table public.notes (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  body text not null,
  words tsvector generated always as (to_tsvector('english', body)) stored
);
create index notes_user_id_idx on public.notes (user_id);
create index notes_words_idx on public.notes using gin (words);
alter table public.notes enable row level security;
create policy "own" on public.notes for select to authenticated using (user_id = (select auth.uid()));
create table public.countries (code text primary key, name text not null);
insert into public.countries values ('DE', 'Germany'), ('JP', 'Japan');
alter table public.countries enable row level security;
create policy "everybody" on public.countries for select using (true);
