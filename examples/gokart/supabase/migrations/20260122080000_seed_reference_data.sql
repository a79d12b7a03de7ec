insert into public.part_categories (slug, name, position) values
  ('clutches', 'Clutches', 1),
  ('torque-converters', 'Torque converters', 2),
  ('carburetors', 'Carburetors', 3),
  ('exhausts', 'Exhausts', 4),
  ('brakes', 'Brakes', 5),
  ('wheels-tyres', 'Wheels and tyres', 6),
  ('frames', 'Frames', 7),
  ('electronics', 'Electronics', 8)
on conflict (slug) do nothing;

insert into public.engines
  (slug, name, brand, displacement_cc, strokes, power_hp, max_rpm, weight_kg, cooling, price_cents, summary)
values
  ('clubman-200', 'Clubman 200', 'Northline', 196, 4, 6.5, 3600, 16.0, 'air', 18900,
   'The engine most people start with: cheap, quiet, and every part is sold somewhere.'),
  ('clubman-200-race', 'Clubman 200 Race', 'Northline', 196, 4, 9.0, 5500, 15.6, 'air', 32900,
   'A Clubman with a billet rod, stiffer springs and no governor.'),
  ('workhorse-270', 'Workhorse 270', 'Northline', 270, 4, 9.0, 3600, 25.0, 'air', 31900,
   'Pulls a two-seater up a hill. Heavy.'),
  ('workhorse-420', 'Workhorse 420', 'Northline', 420, 4, 15.0, 3600, 31.5, 'air', 46900,
   'The largest single that still bolts to a kart frame.'),
  ('sprinter-100', 'Sprinter 100', 'Corsa Motori', 98, 2, 15.0, 14500, 11.2, 'air', 119000,
   'Air-cooled direct drive: simple, loud and light.'),
  ('sprinter-125', 'Sprinter 125', 'Corsa Motori', 125, 2, 29.0, 14000, 18.0, 'water', 249000,
   'The club class of most tracks. Electric starter and balance shaft.'),
  ('sprinter-125-shifter', 'Sprinter 125 Shifter', 'Corsa Motori', 125, 2, 44.0, 13800, 21.5, 'water', 459000,
   'Six gears and a front brake. Not for the first season.'),
  ('cadet-60', 'Cadet 60', 'Corsa Motori', 60, 2, 10.0, 11500, 9.4, 'air', 89000,
   'For drivers from eight to twelve, with a restrictor per age group.'),
  ('endurance-390', 'Endurance 390', 'Hollin', 389, 4, 13.0, 3600, 31.0, 'air', 52900,
   'Runs a twelve-hour race on two oil changes.'),
  ('endurance-160', 'Endurance 160', 'Hollin', 163, 4, 5.5, 3600, 15.1, 'air', 24900,
   'The rental engine: slow, equal and unbreakable.')
on conflict (slug) do nothing;

insert into public.parts (slug, name, brand, category_id, price_cents, weight_g, description)
select p.slug, p.name, p.brand, c.id, p.price_cents, p.weight_g, p.description
from (values
  ('drum-clutch-34', 'Drum clutch 3/4 inch', 'Gripwell', 'clutches', 3900, 1250, 'Engages at 2,200 rpm; twelve teeth for a 35 chain.'),
  ('disc-clutch-race', 'Two-disc race clutch', 'Gripwell', 'clutches', 21900, 1480, 'Adjustable springs from 3,000 to 4,400 rpm.'),
  ('converter-30', 'Torque converter 30 series', 'Varidrive', 'torque-converters', 8900, 3900, 'For up to 9 hp on a 3/4 inch shaft.'),
  ('converter-40', 'Torque converter 40 series', 'Varidrive', 'torque-converters', 18900, 5200, 'For 8 to 16 hp on a one inch shaft.'),
  ('carb-22-slide', 'Slide carburetor 22 mm', 'Venturo', 'carburetors', 4400, 420, 'Drop-in for 200 cc engines; jets 85 to 105.'),
  ('carb-24-butterfly', 'Butterfly carburetor 24 mm', 'Venturo', 'carburetors', 15900, 510, 'Diaphragm pump, high and low needle.'),
  ('header-200', 'Header for 200 cc', 'Loudpipe', 'exhausts', 3500, 900, 'Mild steel with a flange for a silencer.'),
  ('chamber-125', 'Expansion chamber 125', 'Loudpipe', 'exhausts', 24900, 2100, 'Hand-welded cones with a peak at 11,800 rpm.'),
  ('hydraulic-brake-rear', 'Hydraulic rear brake', 'Stopline', 'brakes', 17900, 2300, 'Two pistons and a 200 mm vented disc.'),
  ('band-brake', 'Band brake 4.5 inch', 'Stopline', 'brakes', 2400, 700, 'For yard karts up to 30 km/h.'),
  ('tyre-set-dry-5', 'Dry tyre set 5 inch', 'Rubra', 'wheels-tyres', 19900, 7800, 'Medium compound for club racing.'),
  ('tyre-set-wet-5', 'Wet tyre set 5 inch', 'Rubra', 'wheels-tyres', 21900, 7900, 'Grooved, for standing water.'),
  ('frame-cadet', 'Cadet frame 950 mm', 'Tubeworks', 'frames', 99000, 14200, 'Tube of 28 mm with an adjustable seat stay.'),
  ('frame-senior', 'Senior frame 1040 mm', 'Tubeworks', 'frames', 149000, 18900, 'Tube of 30 mm with a removable front torsion bar.'),
  ('lap-timer', 'Lap timer with GPS', 'Chronolap', 'electronics', 26900, 310, 'Twenty-five position fixes a second and a predictive lap.'),
  ('kill-switch', 'Tether kill switch', 'Chronolap', 'electronics', 1500, 60, 'Stops the engine when the driver leaves the seat.')
) as p (slug, name, brand, category_slug, price_cents, weight_g, description)
join public.part_categories c on c.slug = p.category_slug
on conflict (slug) do nothing;

insert into public.part_engines (part_id, engine_id)
select p.id, e.id
from (values
  ('drum-clutch-34', 'clubman-200'), ('drum-clutch-34', 'endurance-160'),
  ('disc-clutch-race', 'clubman-200-race'), ('converter-30', 'clubman-200'),
  ('converter-40', 'workhorse-420'), ('converter-40', 'endurance-390'),
  ('carb-22-slide', 'clubman-200'), ('carb-22-slide', 'clubman-200-race'),
  ('carb-24-butterfly', 'sprinter-125'), ('header-200', 'clubman-200'),
  ('chamber-125', 'sprinter-125'), ('chamber-125', 'sprinter-125-shifter')
) as f (part_slug, engine_slug)
join public.parts p on p.slug = f.part_slug
join public.engines e on e.slug = f.engine_slug
on conflict do nothing;

insert into public.build_templates (slug, name, summary, engine_id, published)
select t.slug, t.name, t.summary, e.id, true
from (values
  ('yard-kart', 'Yard kart', 'The cheapest thing that moves and stops.', 'clubman-200'),
  ('club-starter', 'Club starter', 'Passes the scrutineers of a first club season.', 'clubman-200-race'),
  ('junior-125', 'Junior 125', 'A balanced set-up for the 125 class.', 'sprinter-125'),
  ('two-seater', 'Two-seater', 'For a passenger, a slope and no hurry.', 'workhorse-420')
) as t (slug, name, summary, engine_slug)
join public.engines e on e.slug = t.engine_slug
on conflict (slug) do nothing;

insert into public.template_parts (template_id, part_id)
select t.id, p.id
from (values
  ('yard-kart', 'drum-clutch-34'), ('yard-kart', 'band-brake'), ('yard-kart', 'kill-switch'),
  ('club-starter', 'disc-clutch-race'), ('club-starter', 'carb-22-slide'), ('club-starter', 'header-200'),
  ('club-starter', 'hydraulic-brake-rear'), ('club-starter', 'tyre-set-dry-5'),
  ('junior-125', 'carb-24-butterfly'), ('junior-125', 'chamber-125'), ('junior-125', 'frame-senior'),
  ('junior-125', 'tyre-set-dry-5'), ('two-seater', 'converter-40'), ('two-seater', 'hydraulic-brake-rear')
) as x (template_slug, part_slug)
join public.build_templates t on t.slug = x.template_slug
join public.parts p on p.slug = x.part_slug
on conflict do nothing;

insert into public.merchants (slug, name) values
  ('pit-lane-parts', 'Pit Lane Parts'),
  ('kart-depot', 'Kart Depot')
on conflict (slug) do nothing;

insert into public.part_offers (part_id, merchant_id, merchant_sku, url)
select p.id, m.id, upper(p.slug), 'https://' || m.slug || '.example.com/p/' || p.slug
from public.parts p
cross join public.merchants m
on conflict (part_id, merchant_id) do nothing;

insert into public.forum_categories (slug, name, description, position) values
  ('engines', 'Engines', 'Tuning, rebuilding, and what that noise is.', 1),
  ('chassis', 'Chassis and brakes', 'Alignment, seats, axles and stopping.', 2),
  ('tracks', 'Tracks and events', 'Where to drive and who is going.', 3),
  ('workshop', 'Workshop', 'Tools, welding and work in progress.', 4),
  ('marketplace', 'Marketplace', 'Wanted and for sale.', 5)
on conflict (slug) do nothing;
