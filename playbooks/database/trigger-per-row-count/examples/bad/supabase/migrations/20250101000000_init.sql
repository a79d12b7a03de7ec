create schema private;
create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  likes integer not null default 0,
  rating numeric
);
create index posts_user_id_idx on public.posts (user_id);
create table public.likes (
  post_id bigint not null references public.posts (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  stars smallint not null default 1,
  primary key (post_id, user_id)
);
create index likes_user_id_idx on public.likes (user_id);
alter table public.posts enable row level security;
alter table public.likes enable row level security;

-- expect: database/trigger-per-row-count
create function private.refresh_likes() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  -- select count(*) would do as well
  update public.posts set likes = (select count(*) from public.likes l where l.post_id = new.post_id) where id = new.post_id;
  return null;
end $$;
create trigger likes_refresh after insert or delete on public.likes for each row execute function private.refresh_likes();

-- expect: database/trigger-per-row-count
create function private.refresh_rating() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  mean numeric;
begin
  select avg(stars) into mean from likes where post_id = new.post_id;
  update public.posts set rating = mean where id = new.post_id;
  return null;
end $$;
create trigger likes_rating after insert on public.likes for each row execute function private.refresh_rating();
