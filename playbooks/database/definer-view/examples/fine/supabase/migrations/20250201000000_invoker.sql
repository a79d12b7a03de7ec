alter view public.late_ranking set (security_invoker = on);
create materialized view public.totals as select user_id, count(*) as builds from public.builds group by user_id;
revoke all on public.totals from anon, authenticated;
