create table public.posts (id bigint generated always as identity primary key, body text not null);
alter table public.posts enable row level security;
