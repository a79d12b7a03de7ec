alter function public.set_updated_at() set search_path = '';
