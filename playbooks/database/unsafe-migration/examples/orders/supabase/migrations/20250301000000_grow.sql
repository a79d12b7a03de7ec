create index orders_total_idx on public.orders (total); -- expect: database/unsafe-migration
-- expect: database/unsafe-migration
alter table public.orders add constraint orders_total_check check (total >= 0);
-- expect: database/unsafe-migration
alter table public.orders alter column total type bigint;
-- expect: database/unsafe-migration
alter table public.orders add column reference uuid not null default gen_random_uuid();
-- expect: database/unsafe-migration
alter table public.orders add column channel text not null;
-- expect: database/unsafe-migration
alter table public.orders rename column note to remark;
