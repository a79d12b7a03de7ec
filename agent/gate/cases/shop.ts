/** A small app that most cases change: orders of customers, a public catalogue, an admin's page, a webhook. */

export const CLIENT = `import { createServerClient } from '@supabase/ssr'
import { cookies } from 'next/headers'

export async function createClient() {
  const store = await cookies()
  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
    cookies: { getAll: () => store.getAll(), setAll() {} },
  })
}
`

export const ANON = `import { createClient } from '@supabase/supabase-js'

export const anon = () =>
  createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!)
`

export const ADMIN = `import 'server-only'
import { createClient } from '@supabase/supabase-js'

export const createAdminClient = () =>
  createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
`

export const ACTIONS = `'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { createClient } from '@/lib/supabase/server'

const orderSchema = z.object({
  productId: z.string().uuid(),
  quantity: z.number().int().min(1).max(20),
  note: z.string().max(500).optional(),
})

export async function placeOrder(input: unknown) {
  const supabase = await createClient()
  const { data: { user } } = await supabase.auth.getUser()
  if (!user) return { error: 'Please sign in' }
  const parsed = orderSchema.safeParse(input)
  if (!parsed.success) return { error: 'Invalid order' }
  const { data, error } = await supabase
    .from('orders')
    .insert({ ...parsed.data, user_id: user.id })
    .select('id')
    .single()
  if (error) return { error: 'The order could not be placed' }
  revalidatePath('/orders')
  return { id: data.id }
}

export async function cancelOrder(id: string) {
  if (!z.string().uuid().safeParse(id).success) return { error: 'Invalid id' }
  const supabase = await createClient()
  const { data: { user } } = await supabase.auth.getUser()
  if (!user) return { error: 'Please sign in' }
  const { error } = await supabase.from('orders').update({ status: 'cancelled' }).eq('id', id).eq('user_id', user.id)
  if (error) return { error: 'The order could not be cancelled' }
  await supabase.from('audit_log').insert({ actor: user.id, action: 'cancel', subject: id })
  return { ok: true }
}
`

export const ORDERS_PAGE = `import { redirect } from 'next/navigation'
import { createClient } from '@/lib/supabase/server'
import { cancelOrder } from '../actions'

export default async function OrdersPage() {
  const supabase = await createClient()
  const { data: { user } } = await supabase.auth.getUser()
  if (!user) redirect('/login')
  const { data: orders } = await supabase
    .from('orders')
    .select('id, status, product_id, created_at')
    .eq('user_id', user.id)
    .order('created_at', { ascending: false })
  return (
    <ul>
      {orders?.map(order => (
        <li key={order.id}>
          {order.status}
          <form action={cancelOrder.bind(null, order.id)}><button>Cancel</button></form>
        </li>
      ))}
    </ul>
  )
}
`

export const CATALOGUE_PAGE = `import { anon } from '@/lib/supabase/anon'

export const dynamic = 'force-dynamic'

export default async function CataloguePage() {
  const { data: products } = await anon().from('products').select('id, name, price').eq('published', true)
  return <ul>{products?.map(product => <li key={product.id}>{product.name}</li>)}</ul>
}
`

export const EXPORT_ROUTE = `import { NextResponse } from 'next/server'
import { createClient } from '@/lib/supabase/server'

export async function GET() {
  const supabase = await createClient()
  const { data: { user } } = await supabase.auth.getUser()
  if (!user) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })
  const { data: profile } = await supabase.from('profiles').select('role').eq('id', user.id).single()
  if (profile?.role !== 'admin') return NextResponse.json({ error: 'Forbidden' }, { status: 403 })
  const { data, error } = await supabase.from('orders').select('id, status, total')
  if (error) return NextResponse.json({ error: 'Something went wrong' }, { status: 500 })
  return NextResponse.json({ orders: data })
}
`

export const WEBHOOK = `import { createHmac, timingSafeEqual } from 'node:crypto'
import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

export async function POST(request: Request) {
  const body = await request.text()
  const signature = request.headers.get('x-signature') ?? ''
  const expected = createHmac('sha256', process.env.WEBHOOK_SECRET!).update(body).digest('hex')
  if (signature.length !== expected.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) {
    return NextResponse.json({ error: 'Invalid signature' }, { status: 401 })
  }
  const event = JSON.parse(body)
  await createAdminClient().from('orders').update({ status: 'paid' }).eq('payment_id', event.payment_id)
  return NextResponse.json({ received: true })
}
`

export const SEARCH_ROUTE = `import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import { NextResponse } from 'next/server'
import { anon } from '@/lib/supabase/anon'

const ratelimit = new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.slidingWindow(10, '10 s') })

export async function GET(request: Request) {
  const ip = request.headers.get('x-forwarded-for') ?? 'unknown'
  const { success } = await ratelimit.limit(ip)
  if (!success) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })
  const q = new URL(request.url).searchParams.get('q') ?? ''
  if (q.length > 100) return NextResponse.json({ error: 'Query too long' }, { status: 400 })
  const { data } = await anon().from('products').select('id, name').textSearch('name', q).limit(20)
  return NextResponse.json({ products: data })
}
`

export const PROXY = `import { NextResponse, type NextRequest } from 'next/server'
import { createServerClient } from '@supabase/ssr'

const PROTECTED = ['/orders', '/account', '/admin']

export async function proxy(request: NextRequest) {
  const response = NextResponse.next({ request })
  const supabase = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
    cookies: { getAll: () => request.cookies.getAll(), setAll() {} },
  })
  const { data: { user } } = await supabase.auth.getUser()
  if (!user && PROTECTED.some(path => request.nextUrl.pathname.startsWith(path))) {
    return NextResponse.redirect(new URL('/login', request.url))
  }
  return response
}

export const config = { matcher: ['/((?!_next/static|_next/image|favicon.ico).*)'] }
`

export const INIT = `create table public.profiles (
  id uuid primary key references auth.users on delete cascade,
  role text not null default 'customer' check (role in ('customer', 'admin')),
  email text not null
);
create table public.products (
  id uuid primary key default gen_random_uuid(),
  name varchar(200) not null,
  price numeric(10, 2) not null check (price >= 0),
  published boolean not null default false
);
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users on delete cascade,
  product_id uuid not null references public.products,
  status text not null default 'open',
  total numeric(10, 2) not null default 0,
  payment_id text unique,
  created_at timestamptz not null default now()
);
create table public.teams (id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
  team_id uuid not null references public.teams on delete cascade,
  user_id uuid not null references auth.users on delete cascade,
  primary key (team_id, user_id)
);
create table public.audit_log (
  id bigint generated always as identity primary key,
  actor uuid not null,
  action text not null,
  subject uuid
);

alter table public.profiles enable row level security;
alter table public.products enable row level security;
alter table public.orders enable row level security;
alter table public.teams enable row level security;
alter table public.members enable row level security;
alter table public.audit_log enable row level security;

create function public.is_admin() returns boolean language sql stable security definer set search_path = ''
as $$ select exists (select 1 from public.profiles where id = auth.uid() and role = 'admin') $$;

create function public.log_order() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if new.total < 0 then raise exception 'negative total'; end if;
  insert into public.audit_log (actor, action, subject) values (new.user_id, tg_op, new.id);
  return new;
end $$;
create trigger log_order after insert or update on public.orders for each row execute function public.log_order();

create policy "own profile" on public.profiles for select to authenticated using (auth.uid() = id);
create policy "public catalogue" on public.products for select using (published);
create policy "admins edit products" on public.products for all to authenticated using (public.is_admin()) with check (public.is_admin());
create policy "own orders" on public.orders for select to authenticated using (auth.uid() = user_id);
create policy "place orders" on public.orders for insert to authenticated with check (auth.uid() = user_id);
create policy "change own orders" on public.orders for update to authenticated using (auth.uid() = user_id) with check (auth.uid() = user_id);
create policy "members see teams" on public.teams for select to authenticated
  using (exists (select 1 from public.members m where m.team_id = teams.id and m.user_id = auth.uid()));
create policy "own memberships" on public.members for select to authenticated using (user_id = auth.uid());
create policy "nobody changes a closed order" on public.orders as restrictive for update using (status <> 'closed');

insert into storage.buckets (id, name, public, file_size_limit) values ('invoices', 'invoices', false, 1000000);
create policy "own invoices" on storage.objects for select to authenticated
  using (bucket_id = 'invoices' and auth.uid()::text = (storage.foldername(name))[1]);
`

export const MIGRATIONS = 'supabase/migrations/'

export const SHOP: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'shop',
    scripts: { build: 'next build', test: 'vitest run' },
    dependencies: {
      next: '16.1.2',
      react: '19.2.0',
      '@supabase/ssr': '0.8.0',
      '@supabase/supabase-js': '2.90.1',
      zod: '4.1.0',
      '@upstash/ratelimit': '2.0.6',
      '@upstash/redis': '1.35.0',
    },
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, paths: { '@/*': ['./*'] } } }),
  'lib/supabase/server.ts': CLIENT,
  'lib/supabase/anon.ts': ANON,
  'lib/supabase/admin.ts': ADMIN,
  'app/layout.tsx': 'export default function Layout({ children }) { return <html><body>{children}</body></html> }\n',
  'app/actions.ts': ACTIONS,
  'app/orders/page.tsx': ORDERS_PAGE,
  'app/catalogue/page.tsx': CATALOGUE_PAGE,
  'app/api/export/route.ts': EXPORT_ROUTE,
  'app/api/webhook/route.ts': WEBHOOK,
  'app/api/search/route.ts': SEARCH_ROUTE,
  'proxy.ts': PROXY,
  [`${MIGRATIONS}20240101000000_init.sql`]: INIT,
}

/** The shop without what the case is not about: what a fragment looks like. */
export function only(...paths: string[]): Record<string, string> {
  return Object.fromEntries(paths.map(path => [path, SHOP[path]!]))
}
