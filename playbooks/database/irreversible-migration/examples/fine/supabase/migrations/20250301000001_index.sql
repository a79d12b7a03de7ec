create index concurrently if not exists posts_user_idx on public.posts (user_id, id);
