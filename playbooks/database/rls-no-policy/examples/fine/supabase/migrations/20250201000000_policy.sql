create policy "categories are public" on public.categories for select using (true);
