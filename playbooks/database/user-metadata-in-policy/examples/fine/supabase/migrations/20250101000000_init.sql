create schema private;
create table public.orders (
  id bigint generated always as identity primary key,
  total_cents integer not null
);
alter table public.orders enable row level security;
create policy "admins see orders" on public.orders for select to authenticated
  using ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  name text not null
);
alter table public.profiles enable row level security;
-- A name is what users may say of themselves.
create function private.handle_new_user() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.profiles (id, name) values (new.id, coalesce(new.raw_user_meta_data ->> 'name', 'New'));
  return new;
end
$$;
create trigger on_auth_user_created after insert on auth.users
  for each row execute function private.handle_new_user();
