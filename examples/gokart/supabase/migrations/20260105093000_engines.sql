create type public.engine_cooling as enum ('air', 'water');

create table public.engines (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  brand text not null,
  displacement_cc integer not null check (displacement_cc > 0),
  strokes smallint not null check (strokes in (2, 4)),
  power_hp numeric(5, 1) not null check (power_hp > 0),
  max_rpm integer not null check (max_rpm > 0),
  weight_kg numeric(5, 1) not null check (weight_kg > 0),
  cooling public.engine_cooling not null default 'air',
  price_cents integer check (price_cents >= 0),
  summary text not null default '',
  published boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index engines_brand_name_idx on public.engines (brand, name);

create trigger engines_set_updated_at
  before update on public.engines
  for each row execute function public.set_updated_at();

alter table public.engines enable row level security;

create policy "Published engines are visible to everyone"
  on public.engines for select
  using (published);

create policy "Admins add engines"
  on public.engines for insert to authenticated
  with check ((select private.is_admin()));

create policy "Admins change engines"
  on public.engines for update to authenticated
  using ((select private.is_admin()))
  with check ((select private.is_admin()));

create policy "Admins remove engines"
  on public.engines for delete to authenticated
  using ((select private.is_admin()));
