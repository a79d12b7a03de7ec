begin;
create table public.refunds (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade
);
alter table public.refunds enable row level security;
create index refunds_user_id_idx on public.refunds (user_id);
comment on index public.refunds_user_id_idx is 'not built concurrently: the table is empty';
commit;
