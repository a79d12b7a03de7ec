create index order_items_order_id_idx on public.order_items (order_id);
create index comments_author_id_idx on public.comments (author_id) where author_id is not null;

-- Nothing reads visits by their shop, and shops are not deleted by the app.
create table public.shops (
  id bigint generated always as identity primary key,
  name text not null
);
alter table public.shops enable row level security;
create table public.visits (
  id bigint generated always as identity primary key,
  shop_id bigint not null references public.shops (id),
  seen_at timestamptz not null default now()
);
alter table public.visits enable row level security;
