create schema private;
create table public.members (user_id uuid primary key references auth.users (id) on delete cascade, admin boolean not null default false);
alter table public.members enable row level security;
create table public.reports (id bigint generated always as identity primary key, body text not null);
alter table public.reports enable row level security;
create function private.is_admin() returns boolean language sql stable security definer set search_path = '' as
  $$ select exists (select 1 from public.members where user_id = (select auth.uid()) and admin) $$;
create function private.touch() returns trigger language plpgsql set search_path = '' as $$ begin return new; end $$;
create policy "Members see themselves" on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy "Admins read reports" on public.reports for select to authenticated using ((select private.is_admin()));
create policy "Members read public reports" on public.reports for insert to authenticated with check ((select private.is_admin()));
create trigger reports_touch before update on public.reports for each row execute function private.touch();
