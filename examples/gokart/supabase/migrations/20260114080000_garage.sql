-- Parts that a member keeps an eye on.
create table public.garage_items (
  user_id uuid not null references public.profiles (id) on delete cascade,
  part_id uuid not null references public.parts (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (user_id, part_id)
);

create index garage_items_part_id_idx on public.garage_items (part_id);

alter table public.garage_items enable row level security;

create policy "Members see their own garage"
  on public.garage_items for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Members add to their own garage"
  on public.garage_items for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy "Members remove from their own garage"
  on public.garage_items for delete to authenticated
  using (user_id = (select auth.uid()));
