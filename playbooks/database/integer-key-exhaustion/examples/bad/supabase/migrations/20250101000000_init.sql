create table public.page_views (
  id serial primary key, -- expect: database/integer-key-exhaustion
  path text not null
);
alter table public.page_views enable row level security;
create policy "anybody is counted" on public.page_views for insert to anon, authenticated with check (length(path) < 200);
create table public.orders (
  id smallint generated always as identity primary key, -- expect: database/integer-key-exhaustion
  user_id uuid not null references auth.users (id) on delete cascade
);
create index orders_user_id_idx on public.orders (user_id);
alter table public.orders enable row level security;
create table public.threads (id bigint generated always as identity primary key, user_id uuid not null references auth.users (id) on delete cascade);
create index threads_user_id_idx on public.threads (user_id);
alter table public.threads enable row level security;
create table public.replies (
  id bigint generated always as identity primary key,
  thread_id integer not null references public.threads (id) on delete cascade -- expect: database/integer-key-exhaustion
);
create index replies_thread_id_idx on public.replies (thread_id);
alter table public.replies enable row level security;
