create table public.plans (
  id smallint primary key,
  name text not null,
  code text not null,
  position smallint not null
);
insert into public.plans (id, name, code, position) values (1, 'Free', 'free', 1), (2, 'Pro', 'pro', 2);
alter table public.plans enable row level security;
create policy "plans are public" on public.plans for select using (true);

create table public.api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  key_hash text not null,
  key_prefix text not null,
  revoked boolean not null default false,
  note text
);
create index api_keys_prefix_idx on public.api_keys (key_prefix);
create index api_keys_user_id_idx on public.api_keys (user_id);
alter table public.api_keys enable row level security;
create policy "own keys" on public.api_keys for select to authenticated using ((select auth.uid()) = user_id);

create table public.posts (
  id uuid primary key default gen_random_uuid(),
  author_id uuid not null references auth.users (id) on delete cascade,
  slug text not null unique,
  status text not null default 'draft',
  likes integer not null default 0,
  editor_note text
);
create index posts_author_id_idx on public.posts (author_id);
alter table public.posts enable row level security;
create policy "published posts are public" on public.posts for select using (status = 'published');
create policy "own posts" on public.posts for insert to authenticated with check ((select auth.uid()) = author_id);
