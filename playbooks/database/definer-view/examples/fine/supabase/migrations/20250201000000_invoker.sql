alter view public.late_ranking set (security_invoker = on);
