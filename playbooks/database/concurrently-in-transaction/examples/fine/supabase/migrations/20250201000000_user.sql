-- Alone in its file; a comment is no statement.
create index concurrently if not exists orders_user_id_idx on public.orders (user_id);
