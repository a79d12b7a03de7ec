create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null -- expect: database/search-without-index
);
create index posts_user_id_idx on public.posts (user_id);
create index posts_title_idx on public.posts (title);
alter table public.posts enable row level security;
create policy "everybody" on public.posts for select using (true);
create table public.notes (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  words tsvector -- expect: database/search-without-index
);
create index notes_user_id_idx on public.notes (user_id);
alter table public.notes enable row level security;
create policy "everybody" on public.notes for select using (true);
create table public.parts (id bigint generated always as identity primary key, user_id uuid references auth.users (id), name text not null);
create index parts_user_id_idx on public.parts (user_id);
alter table public.parts enable row level security;
create policy "everybody" on public.parts for select using (true);
-- expect: database/search-without-index
create function public.find_parts(term text) returns setof public.parts language sql stable set search_path = '' as
  $$ select * from public.parts p where p.name ilike '%' || term || '%' $$;
