create schema private;
create table public.device_codes (
  id bigint generated always as identity primary key,
  code text not null
);
create table private.job_queue (
  id bigint generated always as identity primary key,
  payload jsonb not null
);
create table public.audit_entries (
  id bigint generated always as identity primary key,
  action text not null
);
revoke all on public.audit_entries from anon, authenticated;
