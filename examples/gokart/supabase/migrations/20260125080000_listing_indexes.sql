-- Lists that the app shows in this order.
create index build_templates_published_name_idx on public.build_templates (name) where published;
create index builds_owner_idx on public.builds (user_id);
create index garage_items_user_created_idx on public.garage_items (user_id, created_at desc);
create index parts_listing_idx on public.parts (name) where not archived;
