create table public.builds (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  likes integer not null default 0
);
create index builds_user_id_idx on public.builds (user_id);
alter table public.builds enable row level security;
create policy "own builds" on public.builds for select to authenticated using (user_id = (select auth.uid()));

-- expect: database/definer-view
create view public.ranking as select user_id, sum(likes) as likes from public.builds group by user_id;
-- expect: database/definer-view
create or replace view public.build_count as
  with mine as (select b.id from builds b) select count(*) from mine;
-- expect: database/definer-view
create materialized view public.totals as select user_id, count(*) as builds from public.builds group by user_id;
