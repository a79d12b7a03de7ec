alter policy "own orders" on public.orders using ((select auth.uid()) = user_id);
