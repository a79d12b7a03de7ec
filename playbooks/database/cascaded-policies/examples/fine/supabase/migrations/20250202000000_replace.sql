-- Replaced in place: what depends on it stays.
create or replace function private.is_admin() returns boolean language sql stable security definer set search_path = '' as
  $$ select exists (select 1 from public.members where user_id = (select auth.uid()) and admin) $$;
create function private.unused() returns boolean language sql stable set search_path = '' as $$ select true $$;
drop function private.unused() cascade;
