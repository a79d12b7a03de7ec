create table public.events (id bigint generated always as identity primary key, body text not null);
alter table public.events enable row level security;
create table public.sessions (id bigint generated always as identity primary key, body text not null);
alter table public.sessions enable row level security;
