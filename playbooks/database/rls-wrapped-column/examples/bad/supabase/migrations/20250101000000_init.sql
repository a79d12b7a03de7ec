create table public.orders (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  email text not null
);
create index orders_user_id_idx on public.orders (user_id);
create index orders_email_idx on public.orders (email);
alter table public.orders enable row level security;
-- expect: database/rls-wrapped-column
create policy "own orders" on public.orders for select to authenticated using (user_id::text = (select auth.uid())::text);
create table public.invitations (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  email text not null
);
create index invitations_user_id_idx on public.invitations (user_id);
create index invitations_email_idx on public.invitations (email);
alter table public.invitations enable row level security;
-- expect: database/rls-wrapped-column
create policy "invited" on public.invitations for select to authenticated
  using (lower(email) = (select auth.jwt() ->> 'email') and id > 0);
