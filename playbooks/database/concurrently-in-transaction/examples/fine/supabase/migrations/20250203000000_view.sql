create materialized view private_totals as select user_id, sum(total) as total from public.orders group by user_id;
revoke all on private_totals from anon, authenticated;
create unique index on private_totals (user_id);
refresh materialized view private_totals;
