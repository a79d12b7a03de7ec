import { edit, type GateCase } from './case.ts'
import { ACTIONS, CLIENT, EXPORT_ROUTE, ORDERS_PAGE, only, SHOP } from './shop.ts'

const [ACTIONS_FILE, ORDERS, EXPORT, SEARCH, _HOOK] = [
  'app/actions.ts',
  'app/orders/page.tsx',
  'app/api/export/route.ts',
  'app/api/search/route.ts',
  'app/api/webhook/route.ts',
]

function change(
  name: string,
  bad: string,
  files: Record<string, string | null>,
  base: Record<string, string> = SHOP,
): GateCase {
  return { name, bad, base, change: files }
}

/** One passage of a file of the shop replaced. */
function passage(name: string, bad: string, file: string, from: string, to: string): GateCase {
  return change(name, bad, { [file]: edit(SHOP[file]!, from, to) })
}

const SIGNED_OUT = "  if (!user) return { error: 'Please sign in' }\n  const parsed"
const NO_CHECK = '  const parsed'

export const CODE_BAD: GateCase[] = [
  // Authentication
  passage('the check after getUser is gone', 'auth-check-lost', ACTIONS_FILE, SIGNED_OUT, NO_CHECK),
  change(
    'the same in a fragment of one file',
    'auth-check-lost',
    { [ACTIONS_FILE]: edit(ACTIONS, SIGNED_OUT, NO_CHECK) },
    only(ACTIONS_FILE),
  ),
  passage(
    'the check no longer returns',
    'auth-check-lost',
    ACTIONS_FILE,
    SIGNED_OUT,
    "  if (!user) console.warn('no user')\n  const parsed",
  ),
  passage(
    'getUser becomes getSession',
    'session-not-verified',
    ORDERS,
    '{ data: { user } } = await supabase.auth.getUser()',
    '{ data: { session } } = await supabase.auth.getSession()\n  const user = session?.user',
  ),
  passage('the page no longer redirects', 'auth-check-lost', ORDERS, "  if (!user) redirect('/login')\n", ''),
  passage(
    'the access comes before the check',
    'auth-check-lost',
    EXPORT,
    "  if (!user) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })\n  const { data: profile } = await supabase.from('profiles').select('role').eq('id', user.id).single()\n  if (profile?.role !== 'admin') return NextResponse.json({ error: 'Forbidden' }, { status: 403 })\n  const { data, error } = await supabase.from('orders').select('id, status, total')\n",
    "  const { data, error } = await supabase.from('orders').select('id, status, total')\n  if (!user) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })\n  const { data: profile } = await supabase.from('profiles').select('role').eq('id', user.id).single()\n  if (profile?.role !== 'admin') return NextResponse.json({ error: 'Forbidden' }, { status: 403 })\n",
  ),
  passage(
    'the role is not asked any more',
    'role-check-lost',
    EXPORT,
    "  const { data: profile } = await supabase.from('profiles').select('role').eq('id', user.id).single()\n  if (profile?.role !== 'admin') return NextResponse.json({ error: 'Forbidden' }, { status: 403 })\n",
    '',
  ),
  passage(
    'the role check lets unknown ones through',
    'role-check-lost',
    EXPORT,
    "if (profile?.role !== 'admin')",
    "if (profile && profile.role !== 'admin')",
  ),
  passage(
    'the role check turned into an OR',
    'role-check-lost',
    EXPORT,
    "if (profile?.role !== 'admin')",
    "if (profile?.role !== 'admin' && profile?.role !== 'customer')",
  ),
  change('guard moved into a helper that does not stop', 'auth-check-lost', {
    'lib/auth.ts':
      "import { createClient } from './supabase/server'\n\nexport async function requireUser() {\n  const supabase = await createClient()\n  const { data: { user } } = await supabase.auth.getUser()\n  return { supabase, user }\n}\n",
    [EXPORT]: edit(
      edit(
        EXPORT_ROUTE,
        "  const supabase = await createClient()\n  const { data: { user } } = await supabase.auth.getUser()\n  if (!user) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })\n",
        '  const { supabase, user } = await requireUser()\n',
      ),
      "import { createClient } from '@/lib/supabase/server'",
      "import { requireUser } from '@/lib/auth'",
    ),
  }),
  passage(
    'signed out callers get the list as well',
    'auth-check-lost',
    EXPORT,
    "if (!user) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })",
    "if (!user) return NextResponse.json({ orders: (await supabase.from('orders').select('id, status')).data })",
  ),
  passage(
    'only in production',
    'auth-check-lost',
    EXPORT,
    'if (!user) return',
    "if (!user && process.env.NODE_ENV === 'production') return",
  ),

  // Ownership
  passage(
    'ownership filter gone',
    'ownership-lost',
    ACTIONS_FILE,
    ".eq('id', id).eq('user_id', user.id)",
    ".eq('id', id)",
  ),
  passage(
    'ownership by a value that the caller sends',
    'ownership-lost',
    ACTIONS_FILE,
    '.insert({ ...parsed.data, user_id: user.id })',
    '.insert({ user_id: user.id, ...(input as object) })',
  ),
  passage('the page lists the orders of all', 'ownership-lost', ORDERS, "    .eq('user_id', user.id)\n", ''),
  passage(
    'filter only when there is one',
    'ownership-lost',
    ORDERS,
    "    .eq('user_id', user.id)\n",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
    '    .or(`user_id.eq.${user.id},status.eq.open`)\n',
  ),
  passage('unpublished products shown', 'filter-lost', 'app/catalogue/page.tsx', ".eq('published', true)", ''),

  // Roles and secrets
  passage(
    'service role where a user client was',
    'service-role',
    EXPORT,
    "import { createClient } from '@/lib/supabase/server'",
    "import { createAdminClient as createClient } from '@/lib/supabase/admin'",
  ),
  change('service role behind a new helper', 'service-role', {
    'lib/db.ts':
      "import { createClient as make } from '@supabase/supabase-js'\n\nexport async function db() {\n  return make(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SECRET_KEY!)\n}\n",
    [ORDERS]: edit(
      edit(
        ORDERS_PAGE,
        '  const { data: orders } = await supabase\n',
        '  const { data: orders } = await (await db())\n',
      ),
      'import { cancelOrder }',
      "import { db } from '@/lib/db'\nimport { cancelOrder }",
    ),
  }),
  change('the shared helper uses the secret key', 'service-role', {
    'lib/supabase/server.ts': edit(
      CLIENT,
      'process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!',
      'process.env.SUPABASE_SERVICE_ROLE_KEY!',
    ),
  }),
  change('secret in a client component', 'secret-exposed', {
    'app/orders/live.tsx':
      "'use client'\nimport { createClient } from '@supabase/supabase-js'\n\nconst client = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)\nexport function Live() {\n  return <button onClick={() => client.from('orders').select('id')}>Refresh</button>\n}\n",
  }),
  change('secret under a public name', 'secret-exposed', {
    'lib/supabase/admin.ts': edit(
      SHOP['lib/supabase/admin.ts']!,
      'SUPABASE_SERVICE_ROLE_KEY',
      'NEXT_PUBLIC_SERVICE_ROLE_KEY',
    ),
  }),
  change('key in the code', 'secret-exposed', {
    'lib/keys.ts': "export const STRIPE = 'sk_live_51Nx8wQ2eZvKYlo2Cq7v9ZrTj'\n",
  }),
  change('server-only lost', 'secret-exposed', {
    'lib/supabase/admin.ts': edit(SHOP['lib/supabase/admin.ts']!, "import 'server-only'\n", ''),
  }),

  // Caches
  change('orders in unstable_cache, keyed by nothing', 'user-data-in-shared-cache', {
    [ORDERS]: edit(
      edit(
        ORDERS_PAGE,
        "  const { data: orders } = await supabase\n    .from('orders')\n    .select('id, status, product_id, created_at')\n    .eq('user_id', user.id)\n    .order('created_at', { ascending: false })\n",
        "  const orders = await unstable_cache(\n    async () =>\n      (await supabase.from('orders').select('id, status, product_id, created_at').eq('user_id', user.id)).data,\n    ['orders'],\n    { revalidate: 60 },\n  )()\n",
      ),
      'import { redirect }',
      "import { unstable_cache } from 'next/cache'\nimport { redirect }",
    ),
  }),
  passage(
    'page of a user made static',
    'user-data-in-shared-cache',
    ORDERS,
    'export default async function',
    "export const dynamic = 'force-static'\n\nexport default async function",
  ),
  passage(
    'answer to an admin kept by the CDN',
    'user-data-in-shared-cache',
    EXPORT,
    'return NextResponse.json({ orders: data })',
    "return NextResponse.json({ orders: data }, { headers: { 'Cache-Control': 'public, s-maxage=300' } })",
  ),
  change('profiles in a Map of the module', 'user-data-in-shared-cache', {
    [EXPORT]: edit(
      edit(
        EXPORT_ROUTE,
        'export async function GET() {',
        "const cache = new Map<string, unknown>()\n\nexport async function GET() {\n  const hit = cache.get('orders')\n  if (hit) return NextResponse.json({ orders: hit })",
      ),
      '  return NextResponse.json({ orders: data })',
      "  cache.set('orders', data)\n  return NextResponse.json({ orders: data })",
    ),
  }),

  // Validation
  passage(
    'schema gone',
    'validation-lost',
    ACTIONS_FILE,
    "  const parsed = orderSchema.safeParse(input)\n  if (!parsed.success) return { error: 'Invalid order' }\n",
    '  const parsed = { data: input as Record<string, unknown> }\n',
  ),
  passage(
    'result of the schema ignored',
    'validation-lost',
    ACTIONS_FILE,
    "  if (!parsed.success) return { error: 'Invalid order' }\n  const { data, error } = await supabase\n    .from('orders')\n    .insert({ ...parsed.data, user_id: user.id })",
    "  const { data, error } = await supabase\n    .from('orders')\n    .insert({ ...(input as object), user_id: user.id })",
  ),
  passage(
    'schema lets unknown keys through',
    'validation-loosened',
    ACTIONS_FILE,
    'note: z.string().max(500).optional(),\n})',
    'note: z.string().max(500).optional(),\n}).passthrough()',
  ),
  passage(
    'any quantity',
    'validation-loosened',
    ACTIONS_FILE,
    'quantity: z.number().int().min(1).max(20)',
    'quantity: z.any()',
  ),
  passage('wider limits', 'validation-loosened', ACTIONS_FILE, '.min(1).max(20)', '.min(1).max(1000000)'),
  passage('a check of the schema gone', 'validation-loosened', ACTIONS_FILE, 'z.string().uuid(),', 'z.string(),'),
  passage(
    'limit of the query length gone',
    'validation-lost',
    SEARCH,
    "  if (q.length > 100) return NextResponse.json({ error: 'Query too long' }, { status: 400 })\n",
    '',
  ),

  // Rate limits
  passage(
    'rate limit gone',
    'rate-limit-lost',
    SEARCH,
    "  const { success } = await ratelimit.limit(ip)\n  if (!success) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })\n",
    '',
  ),
  passage(
    'rate limit asked, answer ignored',
    'rate-limit-lost',
    SEARCH,
    "  const { success } = await ratelimit.limit(ip)\n  if (!success) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })\n",
    '  void ratelimit.limit(ip)\n',
  ),
  passage(
    'rate limit lets through on errors',
    'rate-limit-lost',
    SEARCH,
    '  const { success } = await ratelimit.limit(ip)\n',
    '  const { success } = await ratelimit.limit(ip).catch(() => ({ success: true }))\n',
  ),
  passage(
    'rate limit a thousand times wider',
    'rate-limit-widened',
    SEARCH,
    "slidingWindow(10, '10 s')",
    "slidingWindow(10000, '10 s')",
  ),
  passage(
    'rate limit by something that callers choose',
    'rate-limit-widened',
    SEARCH,
    'ratelimit.limit(ip)',
    'ratelimit.limit(crypto.randomUUID())',
  ),
]
