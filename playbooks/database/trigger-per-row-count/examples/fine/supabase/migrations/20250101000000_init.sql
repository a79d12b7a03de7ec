create schema private;
create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  likes integer not null default 0
);
create index posts_user_id_idx on public.posts (user_id);
create table public.likes (
  post_id bigint not null references public.posts (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (post_id, user_id)
);
create index likes_user_id_idx on public.likes (user_id);
alter table public.posts enable row level security;
alter table public.likes enable row level security;

-- Adds one; the word count( stands in a comment: select count(*) from likes
create function private.add_like() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  -- select count(*) from public.likes
  update public.posts set likes = likes + 1 where id = new.post_id;
  return null;
end $$;
create trigger likes_add after insert on public.likes for each row execute function private.add_like();

-- A limit, before the row is there.
create function private.limit_posts() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if (select count(*) from public.posts p where p.user_id = new.user_id) >= 100 then raise exception 'enough'; end if;
  return new;
end $$;
create trigger posts_limit before insert on public.posts for each row execute function private.limit_posts();

-- The rows of one owner are few.
create function private.count_own() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform count(*) from public.posts where user_id = new.user_id;
  return null;
end $$;
create trigger posts_count after insert on public.posts for each row execute function private.count_own();

-- Once a statement.
create function private.recount() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.posts p set likes = (select count(*) from public.likes l where l.post_id = p.id);
  return null;
end $$;
create trigger likes_recount after truncate on public.likes for each statement execute function private.recount();

-- Another table than its own.
create function private.number_post() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  new.likes := (select count(*) from public.likes l where l.post_id = new.id);
  return new;
end $$;
create trigger posts_number before update on public.posts for each row execute function private.number_post();
