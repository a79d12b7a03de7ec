create schema private;
create table public.orders (
  id bigint generated always as identity primary key,
  total_cents integer not null
);
alter table public.orders enable row level security;
-- expect: database/user-metadata-in-policy
create policy "admins see orders" on public.orders for select to authenticated
  using ((select auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');

create function private.is_staff() returns boolean
language sql stable security definer set search_path = ''
as $$ select coalesce((select raw_user_meta_data ->> 'staff' from auth.users where id = (select auth.uid())), '') = 'yes' $$;
-- expect: database/user-metadata-in-policy
create policy "staff changes orders" on public.orders for update to authenticated using ((select private.is_staff()));
