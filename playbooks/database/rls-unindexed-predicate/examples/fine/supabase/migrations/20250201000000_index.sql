create index messages_user_id_idx on public.messages (user_id);
