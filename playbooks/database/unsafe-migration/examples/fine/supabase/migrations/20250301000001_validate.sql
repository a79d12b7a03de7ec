alter table public.orders validate constraint orders_total_there;
alter table public.orders alter column total set not null;
create index refunds_user_id_idx on public.refunds (user_id);
alter table public.refunds add column reference uuid not null default gen_random_uuid();
