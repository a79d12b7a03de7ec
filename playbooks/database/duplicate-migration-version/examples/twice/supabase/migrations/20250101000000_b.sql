comment on table public.posts is 'the version is that of the file before'; -- expect: database/duplicate-migration-version
