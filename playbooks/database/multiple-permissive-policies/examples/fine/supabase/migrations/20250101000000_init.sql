create table public.articles (
  id bigint generated always as identity primary key,
  author_id uuid not null references auth.users (id) on delete cascade,
  published boolean not null default false
);
create index articles_author_id_idx on public.articles (author_id);
alter table public.articles enable row level security;
create policy "guests see published articles" on public.articles for select to anon using (published);
create policy "members see published articles and their own" on public.articles for select to authenticated
  using (published or author_id = (select auth.uid()));
create policy "authors add" on public.articles for insert to authenticated with check (author_id = (select auth.uid()));
create policy "authors change" on public.articles for update to authenticated using (author_id = (select auth.uid()));
create policy "not while archived" on public.articles as restrictive for update to authenticated using (published);
create policy "the server" on public.articles for all to service_role using (true) with check (true);

-- `true` decides alone.
create table public.tags (
  id bigint generated always as identity primary key,
  author_id uuid not null references auth.users (id) on delete cascade,
  name text not null
);
create index tags_author_id_idx on public.tags (author_id);
alter table public.tags enable row level security;
create policy "tags are public" on public.tags for select using (true);
create policy "own tags" on public.tags for select to authenticated using (author_id = (select auth.uid()));
