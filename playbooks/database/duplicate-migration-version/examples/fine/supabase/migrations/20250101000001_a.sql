comment on table public.posts is 'the same name, another version';
