create table public.build_likes (
  build_id uuid not null references public.builds (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (build_id, user_id)
);

create index build_likes_user_id_idx on public.build_likes (user_id);

alter table public.build_likes enable row level security;

create policy "Members see their own likes"
  on public.build_likes for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Members like builds that they can see"
  on public.build_likes for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (select 1 from public.builds b where b.id = build_id)
  );

create policy "Members take their own likes back"
  on public.build_likes for delete to authenticated
  using (user_id = (select auth.uid()));

create function private.refresh_like_count()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  target uuid := coalesce(new.build_id, old.build_id);
begin
  update public.builds
  set like_count = (select count(*) from public.build_likes where build_id = target)
  where id = target;
  return null;
end;
$$;

revoke execute on function private.refresh_like_count() from public;

create trigger build_likes_refresh_count
  after insert or delete on public.build_likes
  for each row execute function private.refresh_like_count();
