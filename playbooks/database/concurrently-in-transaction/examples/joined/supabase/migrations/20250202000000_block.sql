begin;
-- expect: database/concurrently-in-transaction
drop index concurrently if exists public.orders_total_idx;
commit;
