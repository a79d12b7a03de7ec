create table public.api_keys (
  key_hash text primary key,
  owner_id uuid not null references auth.users (id) on delete cascade
);
create index api_keys_owner_id_idx on public.api_keys (owner_id);
alter table public.api_keys enable row level security;
