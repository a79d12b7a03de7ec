create function private.my_team_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$ select team_id from public.team_members where user_id = (select auth.uid()) $$;
revoke execute on function private.my_team_ids() from public;
grant execute on function private.my_team_ids() to authenticated;
drop policy "members of my teams" on public.team_members;
create policy "members of my teams" on public.team_members for select to authenticated
  using (team_id in (select private.my_team_ids()));
