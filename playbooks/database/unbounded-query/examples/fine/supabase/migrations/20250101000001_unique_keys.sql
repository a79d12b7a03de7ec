create unique index posts_slug_key on public.posts (slug);
alter table public.votes add constraint votes_one_per_post unique (post_id, user_id);
create index votes_user_id_idx on public.votes (user_id);
create index posts_created_at_idx on public.posts (created_at desc);
create index posts_topic_created_at_idx on public.posts (topic, created_at desc);
