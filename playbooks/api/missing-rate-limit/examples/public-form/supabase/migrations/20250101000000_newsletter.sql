create table public.newsletter_subscriptions (
  id uuid primary key default gen_random_uuid(),
  email text not null unique check (email like '%@%'),
  created_at timestamptz not null default now()
);
alter table public.newsletter_subscriptions enable row level security;
create policy "anybody may subscribe" on public.newsletter_subscriptions for insert to anon, authenticated with check (email like '%@%');
