create schema private;
create table public.members (
  org_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (user_id, org_id)
);
alter table public.members enable row level security;
create function private.is_member(org uuid) returns boolean
language sql security definer set search_path = ''
as $$ select exists (select 1 from public.members where org_id = org and user_id = (select auth.uid())) $$;
create function private.my_orgs() returns setof uuid
language sql security definer set search_path = ''
as $$ select org_id from public.members where user_id = (select auth.uid()) $$;

create table public.reports (
  id bigint generated always as identity primary key,
  org_id uuid not null
);
create index reports_org_id_idx on public.reports (org_id);
alter table public.reports enable row level security;
create policy "reports of my organisations" on public.reports for select to authenticated using (private.is_member(org_id));
-- Once for the statement, whatever its volatility.
create policy "change reports" on public.reports for update to authenticated using (org_id in (select private.my_orgs()));
