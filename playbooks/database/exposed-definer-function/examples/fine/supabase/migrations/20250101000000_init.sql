create schema private;
create table public.templates (
  id uuid primary key default gen_random_uuid(),
  author_id uuid references auth.users (id) on delete cascade,
  published boolean not null default false
);
create index templates_author_id_idx on public.templates (author_id);
alter table public.templates enable row level security;

create function public.publish_own(template uuid) returns void
language sql security definer set search_path = ''
as $$ update public.templates set published = true where id = template and author_id = (select auth.uid()) $$;
create function public.publish_as_caller(template uuid) returns void
language sql security invoker set search_path = ''
as $$ update public.templates set published = true where id = template $$;
create function private.publish(template uuid) returns void
language sql security definer set search_path = ''
as $$ update public.templates set published = true where id = template $$;
create function public.remove_drafts() returns void
language sql security definer set search_path = ''
as $$ delete from public.templates where not published $$;
create function public.count_templates() returns bigint
language sql stable security definer set search_path = ''
as $$ select count(*) from public.templates $$;
create function public.note_author() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.templates set author_id = new.author_id where id = new.id;
  return null;
end
$$;
create trigger templates_note_author after insert on public.templates
  for each row execute function public.note_author();
