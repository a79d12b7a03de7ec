create table public.orders (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  channel text not null,
  note text
);
create index orders_user_id_idx on public.orders (user_id);
create index orders_channel_idx on public.orders (channel);
create index orders_note_idx on public.orders (note);
alter table public.orders enable row level security;
