-- expect: database/rls-no-policy
create table public.categories (
  id bigint generated always as identity primary key,
  name text not null
);
alter table public.categories enable row level security;

-- expect: database/rls-no-policy
create table public.bookmarks (
  user_id uuid not null references auth.users (id) on delete cascade,
  url text not null,
  primary key (user_id, url)
);
alter table public.bookmarks enable row level security;
