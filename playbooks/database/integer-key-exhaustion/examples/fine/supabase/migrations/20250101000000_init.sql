create table public.page_views (id bigserial primary key, path text not null);
alter table public.page_views enable row level security;
create policy "anybody is counted" on public.page_views for insert to anon, authenticated with check (length(path) < 200);
-- Written by hand.
create table public.posts (id serial primary key, user_id uuid not null references auth.users (id) on delete cascade);
create index posts_user_id_idx on public.posts (user_id);
alter table public.posts enable row level security;
create table public.statuses (id smallint generated always as identity primary key, name text not null);
insert into public.statuses (name) values ('open'), ('closed');
alter table public.statuses enable row level security;
create table public.tickets (
  id bigint generated always as identity primary key,
  status_id integer not null references public.statuses (id),
  user_id uuid not null references auth.users (id) on delete cascade
);
create index tickets_status_id_idx on public.tickets (status_id);
create index tickets_user_id_idx on public.tickets (user_id);
alter table public.tickets enable row level security;
create table public.events (id uuid primary key default gen_random_uuid(), user_id uuid not null references auth.users (id) on delete cascade);
create index events_user_id_idx on public.events (user_id);
alter table public.events enable row level security;
