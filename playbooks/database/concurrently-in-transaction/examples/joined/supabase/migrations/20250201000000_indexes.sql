-- expect: database/concurrently-in-transaction
create index concurrently if not exists orders_user_id_idx on public.orders (user_id);
-- expect: database/concurrently-in-transaction
create index concurrently if not exists orders_total_idx on public.orders (total);
