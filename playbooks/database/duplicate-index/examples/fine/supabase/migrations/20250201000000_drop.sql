drop index public.builds_old_idx;
