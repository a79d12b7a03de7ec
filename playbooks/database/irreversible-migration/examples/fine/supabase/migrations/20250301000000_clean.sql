alter table public.posts drop column if exists subtitle;
create table public.scratch (id bigint generated always as identity primary key, body text, old text);
alter table public.scratch enable row level security;
alter table public.scratch drop column old;
drop table public.scratch;
drop index public.posts_user_id_idx;
