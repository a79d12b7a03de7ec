create table public.articles (
  id bigint generated always as identity primary key,
  author_id uuid not null references auth.users (id) on delete cascade,
  published boolean not null default false
);
create index articles_author_id_idx on public.articles (author_id);
alter table public.articles enable row level security;
create policy "published articles" on public.articles for select using (published);
-- expect: database/multiple-permissive-policies
create policy "authors manage their articles" on public.articles for all to authenticated
  using (author_id = (select auth.uid()))
  with check (author_id = (select auth.uid()));

create table public.files (
  id bigint generated always as identity primary key,
  owner_id uuid not null references auth.users (id) on delete cascade,
  reviewer_id uuid references auth.users (id) on delete set null
);
create index files_owner_id_idx on public.files (owner_id);
create index files_reviewer_id_idx on public.files (reviewer_id);
alter table public.files enable row level security;
create policy "owners change files" on public.files for update to authenticated using (owner_id = (select auth.uid()));
-- expect: database/multiple-permissive-policies
create policy "reviewers change files" on public.files for update to authenticated using (reviewer_id = (select auth.uid()));
