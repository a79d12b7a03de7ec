alter table public.posts drop column legacy_title; -- expect: database/irreversible-migration
drop table public.drafts; -- expect: database/irreversible-migration
