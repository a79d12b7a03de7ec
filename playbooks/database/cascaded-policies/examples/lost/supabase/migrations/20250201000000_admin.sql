drop function private.is_admin() cascade; -- expect: database/cascaded-policies
create function private.is_admin() returns boolean language sql stable security definer set search_path = '' as
  $$ select exists (select 1 from public.members where user_id = (select auth.uid()) and admin is true) $$;
drop function if exists private.touch() cascade; -- expect: database/cascaded-policies
