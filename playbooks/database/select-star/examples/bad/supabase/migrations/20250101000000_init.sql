create extension if not exists vector with schema extensions;
create table public.documents (id bigint generated always as identity primary key, title text not null, embedding vector(1536));
alter table public.documents enable row level security;
create policy "everybody" on public.documents for select using (true);
create table public.owners (id bigint generated always as identity primary key, name text not null);
alter table public.owners enable row level security;
create policy "everybody" on public.owners for select using (true);
create table public.cars (
  id bigint generated always as identity primary key,
  owner_id bigint references public.owners (id),
  c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text
);
create index cars_owner_id_idx on public.cars (owner_id);
alter table public.cars enable row level security;
create policy "everybody" on public.cars for select using (true);
