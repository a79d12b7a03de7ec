create table public.parts (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  brand text not null,
  price_cents integer not null
);
create index parts_brand_idx on public.parts (brand);
alter table public.parts enable row level security;
create policy "parts are public" on public.parts for select using (true);

create table public.saved_parts (
  user_id uuid not null references auth.users (id) on delete cascade,
  part_id uuid not null references public.parts (id) on delete cascade,
  saved_at timestamptz not null default now(),
  primary key (user_id, part_id)
);
create index saved_parts_part_id_idx on public.saved_parts (part_id);
alter table public.saved_parts enable row level security;
create policy "own saved parts" on public.saved_parts for select to authenticated using ((select auth.uid()) = user_id);
