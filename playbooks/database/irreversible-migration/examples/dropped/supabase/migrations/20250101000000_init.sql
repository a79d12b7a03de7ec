create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  legacy_title text
);
create index posts_user_id_idx on public.posts (user_id);
alter table public.posts enable row level security;
create table public.drafts (id bigint generated always as identity primary key, body text);
alter table public.drafts enable row level security;
