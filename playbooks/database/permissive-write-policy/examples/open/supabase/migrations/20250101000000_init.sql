create table public.scores (
  id bigint generated always as identity primary key,
  points integer not null
);
alter table public.scores enable row level security;
-- expect: database/permissive-write-policy
create policy "anybody may do anything" on public.scores for all using (true) with check (true);

create table public.settings (
  id bigint generated always as identity primary key,
  value text not null
);
alter table public.settings enable row level security;
create policy "settings are public" on public.settings for select using (true);
-- expect: database/permissive-write-policy
create policy "members change settings" on public.settings for update to authenticated using (true);

create table public.contact_messages (
  id bigint generated always as identity primary key,
  body text not null
);
alter table public.contact_messages enable row level security;
-- expect: database/permissive-write-policy
create policy "guests write to us" on public.contact_messages for insert to anon with check (true);
