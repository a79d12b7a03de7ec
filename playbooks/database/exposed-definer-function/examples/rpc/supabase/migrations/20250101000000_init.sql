create table public.templates (
  id uuid primary key default gen_random_uuid(),
  published boolean not null default false
);
alter table public.templates enable row level security;

-- expect: database/exposed-definer-function
create function public.publish_template(template uuid) returns void
language sql security definer set search_path = ''
as $$ update public.templates set published = true where id = template $$;

-- expect: database/exposed-definer-function
create function public.remove_drafts() returns void
language plpgsql security definer set search_path = ''
as $$
begin
  delete from public.templates where not published;
end
$$;
grant execute on function public.remove_drafts() to authenticated;

-- expect: database/exposed-definer-function
create function public.run_as(who uuid, query text) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  perform set_config('request.jwt.claim.sub', who::text, true);
  execute query;
end
$$;
