-- Only the server asks, with the service role: closed to everybody else is what it should be.
create table public.sessions (
  token_hash text primary key,
  expires_at timestamptz not null
);
alter table public.sessions enable row level security;

create table public.categories (
  id bigint generated always as identity primary key,
  name text not null
);
alter table public.categories enable row level security;
