create function private.count_new_topic()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.forum_categories
  set topic_count = topic_count + 1
  where id = new.category_id;
  return null;
end;
$$;

create function private.count_new_post()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.forum_topics
  set post_count = post_count + 1, last_post_at = new.created_at
  where id = new.topic_id;
  return null;
end;
$$;

revoke execute on function private.count_new_topic() from public;
revoke execute on function private.count_new_post() from public;

create trigger forum_topics_count
  after insert on public.forum_topics
  for each row execute function private.count_new_topic();

create trigger forum_posts_count
  after insert on public.forum_posts
  for each row execute function private.count_new_post();

-- A topic and its first post come together or not at all.
create function public.open_topic(category smallint, topic_title text, first_post text)
returns bigint
language plpgsql
security invoker
set search_path = ''
as $$
declare
  new_topic bigint;
begin
  insert into public.forum_topics (category_id, author_id, title)
  values (category, (select auth.uid()), topic_title)
  returning id into new_topic;

  insert into public.forum_posts (topic_id, author_id, body)
  values (new_topic, (select auth.uid()), first_post);

  return new_topic;
end;
$$;

revoke execute on function public.open_topic(smallint, text, text) from public, anon;
grant execute on function public.open_topic(smallint, text, text) to authenticated;
