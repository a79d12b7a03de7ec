create table public.events (
  name text not null,
  happened_at timestamptz not null default now()
);
alter table public.events enable row level security;
create table public.tag_links (
  post_id bigint not null,
  tag_id bigint not null,
  unique (post_id, tag_id)
);
alter table public.tag_links enable row level security;
create view public.latest_events with (security_invoker = true) as select name, happened_at from public.events;
