create table public.orders (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  clerk_id text not null,
  email varchar(200) not null
);
create index orders_user_id_idx on public.orders (user_id);
create index orders_clerk_id_idx on public.orders (clerk_id);
create index orders_email_idx on public.orders (email);
alter table public.orders enable row level security;
create policy "own orders" on public.orders for select to authenticated using (user_id = (select auth.uid()));
create table public.bills (id bigint generated always as identity primary key, clerk_id text not null, user_id uuid references auth.users (id));
create index bills_clerk_id_idx on public.bills (clerk_id);
create index bills_user_id_idx on public.bills (user_id);
alter table public.bills enable row level security;
-- The caller is cast, not the column.
create policy "own bills" on public.bills for select to authenticated using (clerk_id = (select auth.uid())::text);
create table public.mails (id bigint generated always as identity primary key, email varchar(200) not null, user_id uuid references auth.users (id));
create index mails_email_idx on public.mails (email);
create index mails_user_id_idx on public.mails (user_id);
alter table public.mails enable row level security;
-- Between types of text the cast is free.
create policy "own mails" on public.mails for select to authenticated using (email::text = (select auth.jwt() ->> 'email'));
create table public.invitations (id bigint generated always as identity primary key, email text not null, user_id uuid references auth.users (id));
create index invitations_email_idx on public.invitations (lower(email));
create index invitations_user_id_idx on public.invitations (user_id);
alter table public.invitations enable row level security;
create policy "invited" on public.invitations for select to authenticated using (lower(email) = (select auth.jwt() ->> 'email'));
-- Inserts look at one row.
create policy "inviting" on public.invitations for insert to authenticated with check (user_id::text = (select auth.uid())::text);
