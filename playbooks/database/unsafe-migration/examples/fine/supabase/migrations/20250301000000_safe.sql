set lock_timeout = '5s';
alter table public.orders add constraint orders_total_check check (total >= 0) not valid;
alter table public.orders add constraint orders_total_there check (total is not null) not valid;
alter table public.orders alter column note type text;
alter table public.orders add column channel text not null default 'web';
alter table public.orders add column placed_at timestamptz not null default now();
alter table public.currencies add column label text not null default '';
create index currencies_digits_idx on public.currencies (digits);

-- Made in the same batch: it is empty.
create table public.refunds (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade
);
alter table public.refunds enable row level security;
