insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true), ('covers', 'covers', true);
-- expect: database/public-bucket-listing
create policy "Avatars are visible" on storage.objects for select using (bucket_id = 'avatars');
-- expect: database/public-bucket-listing
create policy "Covers" on storage.objects to authenticated using ((bucket_id = 'covers'));
