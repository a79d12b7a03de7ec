create table public.build_templates (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null check (char_length(name) between 3 and 80),
  summary text not null default '',
  engine_id uuid not null references public.engines (id),
  author_id uuid references public.profiles (id) on delete set null,
  published boolean not null default false,
  created_at timestamptz not null default now()
);

create index build_templates_engine_id_idx on public.build_templates (engine_id);
create index build_templates_author_id_idx on public.build_templates (author_id);

alter table public.build_templates enable row level security;

create policy "Published templates are visible to everyone"
  on public.build_templates for select
  using (published or author_id = (select auth.uid()));

create policy "Members propose templates"
  on public.build_templates for insert to authenticated
  with check (author_id = (select auth.uid()) and not published);

create policy "Admins change templates"
  on public.build_templates for update to authenticated
  using ((select private.is_admin()))
  with check ((select private.is_admin()));

create table public.template_parts (
  template_id uuid not null references public.build_templates (id) on delete cascade,
  part_id uuid not null references public.parts (id),
  quantity smallint not null default 1 check (quantity between 1 and 20),
  primary key (template_id, part_id)
);

create index template_parts_part_id_idx on public.template_parts (part_id);

alter table public.template_parts enable row level security;

create policy "Parts of visible templates are visible"
  on public.template_parts for select
  using (exists (select 1 from public.build_templates t where t.id = template_id));

alter table public.builds
  add column template_id uuid references public.build_templates (id) on delete set null;

create index builds_template_id_idx on public.builds (template_id) where template_id is not null;

grant insert (template_id) on public.builds to authenticated;
