-- Applied long ago, whatever it locked.
create index orders_user_id_idx on public.orders (user_id);
