create table public.site (id integer primary key, visits bigint not null default 0);
alter table public.site enable row level security;
create table public.days (day date not null, slot integer not null, visits bigint not null default 0, primary key (day, slot));
alter table public.days enable row level security;
create table public.visits (id bigint generated always as identity primary key, at timestamptz not null default now());
alter table public.visits enable row level security;
create table public.wallets (user_id uuid primary key references auth.users (id) on delete cascade, credits integer not null default 0);
alter table public.wallets enable row level security;
-- An event instead of a counter.
create function public.note_visit() returns void language sql set search_path = '' as $$ insert into public.visits default values $$;
-- The caller's own row.
create function public.spend(amount integer) returns void language sql set search_path = '' as
  $$ update public.wallets set credits = credits - amount where user_id = (select auth.uid()) $$;
-- Spread over rows.
create function public.count_today() returns void language sql set search_path = '' as
  $$ update public.days set visits = visits + 1 where day = current_date and slot = floor(random() * 16)::integer $$;
-- A job, called by nobody here.
create function public.sum_up() returns void language sql set search_path = '' as
  $$ update public.site set visits = visits + (select count(*) from public.visits) where id = 1 $$;
