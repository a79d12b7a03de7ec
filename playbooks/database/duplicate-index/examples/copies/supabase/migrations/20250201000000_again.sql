create index builds_owner_idx on public.builds (user_id); -- expect: database/duplicate-index
create index builds_slug_idx on public.builds (slug); -- expect: database/duplicate-index
