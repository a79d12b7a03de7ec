create schema private;
create table public.builds (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  likes integer not null default 0
);
create index builds_user_id_idx on public.builds (user_id);
alter table public.builds enable row level security;
create policy "own builds" on public.builds for select to authenticated using (user_id = (select auth.uid()));
create table public.engines (
  id bigint generated always as identity primary key,
  name text not null
);
alter table public.engines enable row level security;
create policy "engines are public" on public.engines for select using (true);

create view public.my_ranking with (security_invoker = true) as select sum(likes) as likes from public.builds;
create view public.late_ranking as select sum(likes) as likes from public.builds;
create view public.engine_names as select name from public.engines;
create view private.ranking as select user_id, sum(likes) as likes from public.builds group by user_id;
create view public.server_ranking as select user_id, sum(likes) as likes from public.builds group by user_id;
revoke all on public.server_ranking from anon, authenticated;
