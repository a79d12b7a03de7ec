drop function private.is_admin() cascade;
drop function private.touch() cascade;
create function private.is_admin() returns boolean language sql stable security definer set search_path = '' as
  $$ select exists (select 1 from public.members where user_id = (select auth.uid()) and admin is true) $$;
create function private.touch() returns trigger language plpgsql set search_path = '' as $$ begin return new; end $$;
-- Under the old name, and under a new one.
create policy "Admins read reports" on public.reports for select to authenticated using ((select private.is_admin()));
create policy "Staff reads notes" on public.notes for select to authenticated using ((select private.is_admin()));
create trigger reports_touch before update on public.reports for each row execute function private.touch();
