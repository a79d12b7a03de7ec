create table public.part_categories (
  id smallint generated always as identity primary key,
  slug text not null unique,
  name text not null,
  position smallint not null default 0
);

alter table public.part_categories enable row level security;

create policy "Part categories are visible to everyone"
  on public.part_categories for select
  using (true);

create table public.parts (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  brand text not null,
  category_id smallint not null references public.part_categories (id),
  price_cents integer check (price_cents >= 0),
  weight_g integer check (weight_g >= 0),
  description text not null default '',
  specs jsonb not null default '{}'::jsonb,
  archived boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index parts_category_id_name_idx on public.parts (category_id, name);

create trigger parts_set_updated_at
  before update on public.parts
  for each row execute function public.set_updated_at();

alter table public.parts enable row level security;

create policy "Parts are visible to everyone"
  on public.parts for select
  using (not archived);

create policy "Admins manage parts"
  on public.parts for all to authenticated
  using ((select private.is_admin()))
  with check ((select private.is_admin()));

-- Which part fits which engine.
create table public.part_engines (
  part_id uuid not null references public.parts (id) on delete cascade,
  engine_id uuid not null references public.engines (id) on delete cascade,
  note text,
  primary key (part_id, engine_id)
);

create index part_engines_engine_id_idx on public.part_engines (engine_id);

alter table public.part_engines enable row level security;

create policy "Fitments are visible to everyone"
  on public.part_engines for select
  using (true);
