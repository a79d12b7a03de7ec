-- Two accounts for a local stack (password: karting-is-fun) and something to look at. Never run against production.
insert into auth.users
  (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
   created_at, updated_at, confirmation_token, recovery_token, email_change, email_change_token_new)
values
  ('00000000-0000-0000-0000-000000000000', '0b6f2f3e-5d0f-4c41-9f0a-000000000001', 'authenticated', 'authenticated',
   'admin@example.com', extensions.crypt('karting-is-fun', extensions.gen_salt('bf')), now(),
   '{"provider":"email","providers":["email"]}', '{"display_name":"Race control"}', now(), now(), '', '', '', ''),
  ('00000000-0000-0000-0000-000000000000', '0b6f2f3e-5d0f-4c41-9f0a-000000000002', 'authenticated', 'authenticated',
   'member@example.com', extensions.crypt('karting-is-fun', extensions.gen_salt('bf')), now(),
   '{"provider":"email","providers":["email"]}', '{"display_name":"Back marker"}', now(), now(), '', '', '', '');

update public.profiles set role = 'admin' where id = '0b6f2f3e-5d0f-4c41-9f0a-000000000001';

insert into public.builds (user_id, engine_id, template_id, name, description)
select '0b6f2f3e-5d0f-4c41-9f0a-000000000002', t.engine_id, t.id, 'My ' || lower(t.name), t.summary
from public.build_templates t;

insert into public.build_parts (build_id, part_id, quantity)
select b.id, p.part_id, p.quantity
from public.builds b
join public.template_parts p on p.template_id = b.template_id;

insert into public.forum_topics (category_id, author_id, title)
select c.id, '0b6f2f3e-5d0f-4c41-9f0a-000000000001', 'Read me first: ' || c.name
from public.forum_categories c;

insert into public.forum_posts (topic_id, author_id, body)
select t.id, '0b6f2f3e-5d0f-4c41-9f0a-000000000002', 'Reply number ' || n
from public.forum_topics t
cross join generate_series(1, 5) as n;
