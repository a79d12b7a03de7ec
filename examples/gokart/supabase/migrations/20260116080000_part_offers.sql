create table public.merchants (
  id smallint generated always as identity primary key,
  slug text not null unique,
  name text not null
);

alter table public.merchants enable row level security;

create policy "Merchants are visible to everyone"
  on public.merchants for select
  using (true);

-- Where a part is sold: the price itself comes from the merchant's feed when it is looked at.
create table public.part_offers (
  id bigint generated always as identity primary key,
  part_id uuid not null references public.parts (id) on delete cascade,
  merchant_id smallint not null references public.merchants (id),
  merchant_sku text not null,
  url text not null check (url like 'https://%'),
  unique (part_id, merchant_id)
);

create index part_offers_merchant_id_idx on public.part_offers (merchant_id);

alter table public.part_offers enable row level security;

create policy "Offers are visible to everyone"
  on public.part_offers for select
  using (true);
