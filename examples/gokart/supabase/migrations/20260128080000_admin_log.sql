create table public.admin_log (
  id bigint generated always as identity primary key,
  actor_id uuid references public.profiles (id) on delete set null,
  action text not null,
  subject text not null,
  created_at timestamptz not null default now()
);

create index admin_log_actor_id_idx on public.admin_log (actor_id);

alter table public.admin_log enable row level security;

create policy "Admins read the log"
  on public.admin_log for select to authenticated
  using ((select private.is_admin()));

create policy "Admins write to the log"
  on public.admin_log for insert to authenticated
  with check ((select private.is_admin()) and actor_id = (select auth.uid()));

-- Proposed templates wait for an admin, who has to see them.
drop policy "Published templates are visible to everyone" on public.build_templates;

create policy "Published templates are visible to guests"
  on public.build_templates for select to anon
  using (published);

create policy "Members see published templates and their own, admins all"
  on public.build_templates for select to authenticated
  using (published or author_id = (select auth.uid()) or (select private.is_admin()));
