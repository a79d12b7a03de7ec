create view public.builder_ranking as
  select p.id, p.username, p.display_name, p.country,
         count(b.id) as build_count,
         coalesce(sum(b.like_count), 0) as like_count
  from public.profiles p
  join public.builds b on b.user_id = p.id
  group by p.id;

create view public.topic_overview
with (security_invoker = true) as
  select t.id, t.category_id, c.slug as category_slug, t.title, t.pinned, t.locked,
         t.post_count, t.last_post_at, p.username as author_username, p.display_name as author_name
  from public.forum_topics t
  join public.forum_categories c on c.id = t.category_id
  left join public.profiles p on p.id = t.author_id;

grant select on public.builder_ranking to anon, authenticated;
grant select on public.topic_overview to anon, authenticated;
