-- expect: database/no-primary-key
create table public.events (
  name text not null,
  happened_at timestamptz not null default now()
);
alter table public.events enable row level security;

-- expect: database/no-primary-key
create table public.tag_links (
  post_id bigint not null,
  tag_id bigint not null
);
create index tag_links_post_id_idx on public.tag_links (post_id, tag_id);
alter table public.tag_links enable row level security;
