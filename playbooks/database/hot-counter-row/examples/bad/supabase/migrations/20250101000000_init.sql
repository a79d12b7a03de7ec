create table public.site (id integer primary key, visits bigint not null default 0);
alter table public.site enable row level security;
create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  views bigint not null default 0
);
create index posts_user_id_idx on public.posts (user_id);
alter table public.posts enable row level security;
-- expect: database/hot-counter-row
create function public.count_visit() returns void language sql set search_path = '' as
  $$ update public.site set visits = visits + 1 where id = 1 $$;
-- expect: database/hot-counter-row
create function public.count_view(post bigint) returns void language sql set search_path = '' as
  $$ update public.posts p set views = p.views + 1 where p.id = post $$;
