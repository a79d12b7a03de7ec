revoke execute on function public.remove_drafts() from public, anon, authenticated;
create function public.count_rows(name text) returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
  n bigint;
begin
  execute format('select count(*) from %I', name) into n;
  return n;
end
$$;
create function private.run(query text) returns void
language plpgsql security definer set search_path = ''
as $$ begin execute query; end $$;
create function public.run_hidden(query text) returns void
language plpgsql security definer set search_path = ''
as $$ begin execute query; end $$;
revoke execute on function public.run_hidden(text) from public, anon, authenticated;
