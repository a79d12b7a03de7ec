create table public.tickets (
  id serial primary key,
  body text not null
);
alter table public.tickets enable row level security;
create table public.letters (
  id serial primary key,
  body text not null
);
alter table public.letters enable row level security;
