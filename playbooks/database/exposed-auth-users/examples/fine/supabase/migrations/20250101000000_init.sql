create schema private;
create table public.profiles (id uuid primary key references auth.users (id) on delete cascade, username text not null);
alter table public.profiles enable row level security;
create policy "everybody" on public.profiles for select using (true);
create view public.members with (security_invoker = true) as
  select p.id, u.email from public.profiles p join auth.users u on u.id = p.id;
create view private.members as select id, email from auth.users;
create view public.staff as select id, email from auth.users;
revoke all on public.staff from anon, authenticated;
-- Another table of that name.
create table public.users (id bigint generated always as identity primary key, name text not null);
alter table public.users enable row level security;
create policy "everybody" on public.users for select using (true);
create view public.people as select id, name from public.users;
create function public.my_address() returns text language sql stable security definer set search_path = '' as
  $$ select email from auth.users where id = (select auth.uid()) $$;
