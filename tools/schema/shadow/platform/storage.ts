/** Schemas storage, realtime, vault, supabase_functions and graphql as far as migrations lean on them. */
export const STORAGE = `
set role supabase_storage_admin;
create type storage.buckettype as enum ('STANDARD', 'ANALYTICS');
create table storage.buckets (
  id text primary key,
  name text not null unique,
  owner uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  public boolean default false,
  avif_autodetection boolean default false,
  file_size_limit bigint,
  allowed_mime_types text[],
  owner_id text,
  type storage.buckettype not null default 'STANDARD'
);
create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text references storage.buckets,
  name text,
  owner uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  last_accessed_at timestamptz default now(),
  metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  version text,
  owner_id text,
  user_metadata jsonb
);
create unique index bucketid_objname on storage.objects (bucket_id, name);
create index name_prefix_search on storage.objects (name text_pattern_ops);
create index idx_objects_bucket_id_name on storage.objects (bucket_id, name collate "C");
create table storage.migrations (id integer primary key, name varchar(100) unique not null, hash varchar(40) not null, executed_at timestamp default current_timestamp);
create table storage.s3_multipart_uploads (
  id text primary key, in_progress_size bigint not null default 0, upload_signature text not null,
  bucket_id text not null references storage.buckets, key text collate "C" not null, version text not null, owner_id text,
  created_at timestamptz not null default now(), user_metadata jsonb
);
create table storage.s3_multipart_uploads_parts (
  id uuid primary key default gen_random_uuid(), upload_id text not null references storage.s3_multipart_uploads on delete cascade,
  size bigint not null default 0, part_number integer not null, bucket_id text not null references storage.buckets,
  key text collate "C" not null, etag text not null, owner_id text, version text not null, created_at timestamptz not null default now()
);
alter table storage.objects enable row level security;
alter table storage.buckets enable row level security;
alter table storage.migrations enable row level security;
alter table storage.s3_multipart_uploads enable row level security;
alter table storage.s3_multipart_uploads_parts enable row level security;
reset role;
create function storage.foldername(name text) returns text[] language plpgsql immutable as $$
declare parts text[]; begin
  parts := string_to_array(name, '/');
  return parts[1 : array_length(parts, 1) - 1];
end $$;
create function storage.filename(name text) returns text language plpgsql as $$
declare parts text[]; begin
  parts := string_to_array(name, '/');
  return parts[array_length(parts, 1)];
end $$;
create function storage.extension(name text) returns text language plpgsql immutable as $$
declare parts text[]; begin
  parts := string_to_array(storage.filename(name), '.');
  return parts[array_length(parts, 1)];
end $$;
create function storage.operation() returns text language sql stable as $$ select current_setting('storage.operation', true) $$;
create function storage.get_size_by_bucket() returns table (size bigint, bucket_id text) language sql stable as $$
  select sum((metadata ->> 'size')::bigint)::bigint, bucket_id from storage.objects group by bucket_id
$$;
create function storage.can_insert_object(bucketid text, name text, owner uuid, metadata jsonb) returns void language plpgsql as $$ begin end $$;
create function storage.search(prefix text, bucketname text, limits integer default 100, levels integer default 1,
  offsets integer default 0, search text default '', sortcolumn text default 'name', sortorder text default 'asc')
  returns table (name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb)
  language sql stable as $$
  select o.name, o.id, o.updated_at, o.created_at, o.last_accessed_at, o.metadata from storage.objects o where o.bucket_id = bucketname limit limits
$$;
create function storage.update_updated_at_column() returns trigger language plpgsql as $$ begin new.updated_at = now(); return new; end $$;
create trigger update_objects_updated_at before update on storage.objects for each row execute function storage.update_updated_at_column();
do $$ declare f record; begin
  for f in select p.oid::regprocedure as signature from pg_proc p where p.pronamespace = 'storage'::regnamespace loop
    execute format('alter function %s owner to supabase_storage_admin', f.signature);
  end loop;
end $$;
grant all on all tables in schema storage to postgres, anon, authenticated, service_role;

set role supabase_realtime_admin;
create table realtime.messages (
  topic text not null, extension text not null, payload jsonb, event text, private boolean default false,
  updated_at timestamp not null default now(), inserted_at timestamp not null default now(), id uuid not null default gen_random_uuid(),
  primary key (id, inserted_at)
) partition by range (inserted_at);
alter table realtime.messages enable row level security;
reset role;
create type realtime.action as enum ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ERROR');
create table realtime.subscription (
  id bigint generated always as identity primary key, subscription_id uuid not null, entity regclass not null, claims jsonb not null,
  created_at timestamp not null default timezone('utc', now())
);
create function realtime.topic() returns text language sql stable as $$ select nullif(current_setting('realtime.topic', true), '')::text $$;
create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void language plpgsql as $$ begin end $$;
create function realtime.broadcast_changes(topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW') returns void language plpgsql as $$ begin end $$;
create function realtime.to_regrole(role_name text) returns regrole language sql immutable as $$ select role_name::regrole $$;
grant all on realtime.messages to postgres, anon, authenticated, service_role;

create function supabase_functions.http_request() returns trigger language plpgsql security definer as $$ begin return coalesce(new, old); end $$;
create table supabase_functions.hooks (
  id bigserial primary key, hook_table_id integer not null, hook_name text not null, created_at timestamptz not null default now(), request_id bigint
);
grant all on all tables in schema supabase_functions to postgres, anon, authenticated, service_role;
create function graphql_public.graphql("operationName" text default null, query text default null, variables jsonb default null,
  extensions jsonb default null) returns jsonb language sql as $$ select '{}'::jsonb $$;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
alter table supabase_migrations.schema_migrations owner to postgres;
set role postgres;
create publication supabase_realtime;
reset role;
`
