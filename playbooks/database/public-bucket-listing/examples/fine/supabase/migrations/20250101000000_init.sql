insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true), ('invoices', 'invoices', false);
create policy "Own avatars" on storage.objects for select to authenticated
  using (bucket_id = 'avatars' and (storage.foldername(name))[1] = (select auth.uid())::text);
create policy "Avatars are uploaded" on storage.objects for insert to authenticated
  with check (bucket_id = 'avatars' and owner = (select auth.uid()));
create policy "Invoices of whoever has the link" on storage.objects for select using (bucket_id = 'invoices');
create policy "Service" on storage.objects for select to service_role using (bucket_id = 'avatars');
