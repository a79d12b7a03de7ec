-- The list of the front page: only the state after all migrations counts.
create index posts_status_likes_idx on public.posts (status, likes desc);
