create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  topic_id bigint not null,
  title text not null
);
create index posts_user_id_idx on public.posts (user_id);
create index posts_topic_id_idx on public.posts (topic_id);
alter table public.posts enable row level security;
create policy "everybody" on public.posts for select using (true);
