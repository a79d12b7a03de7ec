comment on table public.posts is 'a longer version that begins with another one';
