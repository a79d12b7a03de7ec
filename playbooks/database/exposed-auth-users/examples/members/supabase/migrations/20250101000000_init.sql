create table public.profiles (id uuid primary key references auth.users (id) on delete cascade, username text not null);
alter table public.profiles enable row level security;
create policy "everybody" on public.profiles for select using (true);
-- expect: database/exposed-auth-users
create view public.members as
  select p.id, p.username, u.email from public.profiles p join auth.users u on u.id = p.id;
-- expect: database/exposed-auth-users
create materialized view public.sign_ins as select id, last_sign_in_at from auth.users;
