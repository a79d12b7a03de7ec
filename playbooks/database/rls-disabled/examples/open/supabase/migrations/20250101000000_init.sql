-- expect: database/rls-disabled
create table public.frameworks (
  id bigint generated always as identity primary key,
  name text not null
);

-- expect: database/rls-disabled
create table public.jobs (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade
);
create index jobs_user_id_idx on public.jobs (user_id);
-- Written and never switched on.
create policy "own jobs" on public.jobs for select to authenticated using (user_id = (select auth.uid()));
