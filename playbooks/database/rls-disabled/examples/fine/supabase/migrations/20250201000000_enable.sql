-- Only the server asks: no policy.
alter table public.device_codes enable row level security;
