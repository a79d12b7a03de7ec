comment on column public.posts.body is 'and again'; -- expect: database/duplicate-migration-version
