revoke execute on function public.remove_drafts() from public, anon, authenticated;
