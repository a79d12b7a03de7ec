create index engines_name_trgm_idx on public.engines using gin (name extensions.gin_trgm_ops);

create function public.search_engines(term text, max_rows integer default 20)
returns setof public.engines
language sql
stable
security invoker
set search_path = ''
as $$
  select *
  from public.engines
  where name ilike '%' || term || '%' and published
  order by name
  limit least(max_rows, 50);
$$;

create function public.search_parts(term text, sort_by text default 'name')
returns setof public.parts
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  return query execute
    'select * from public.parts where not archived and name ilike ''%' || term || '%'''
    || ' order by ' || sort_by || ' limit 20';
end;
$$;

grant execute on function public.search_engines(text, integer) to anon, authenticated;
grant execute on function public.search_parts(text, text) to anon, authenticated;
