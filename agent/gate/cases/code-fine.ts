import { edit, type GateCase } from './case.ts'
import { ACTIONS, CATALOGUE_PAGE, EXPORT_ROUTE, ORDERS_PAGE, only, PROXY, SHOP } from './shop.ts'

function change(name: string, files: Record<string, string | null>, base: Record<string, string> = SHOP): GateCase {
  return { name, base, change: files }
}

function passage(name: string, file: string, from: string, to: string): GateCase {
  return change(name, { [file]: edit(SHOP[file]!, from, to) })
}

const [ACTIONS_FILE, ORDERS, CATALOGUE, EXPORT, SEARCH] = [
  'app/actions.ts',
  'app/orders/page.tsx',
  'app/catalogue/page.tsx',
  'app/api/export/route.ts',
  'app/api/search/route.ts',
]

const LOOP = `import { createClient } from '@/lib/supabase/server'

export async function productsOf(ids: string[]) {
  const supabase = await createClient()
  const out = []
  for (const id of ids) {
    const { data } = await supabase.from('products').select('id, name').eq('id', id).single()
    if (data) out.push(data)
  }
  return out
}
`

export const CODE_FINE: GateCase[] = [
  passage('limit', ORDERS, '{ ascending: false })\n', '{ ascending: false })\n    .limit(100)\n'),
  passage('page of results', ORDERS, '{ ascending: false })\n', '{ ascending: false })\n    .range(0, 49)\n'),
  passage(
    'columns instead of all that were asked',
    ORDERS,
    "'id, status, product_id, created_at'",
    "'id, status, created_at'",
  ),
  passage(
    'revalidate on public data',
    CATALOGUE,
    "export const dynamic = 'force-dynamic'",
    'export const revalidate = 60',
  ),
  change('unstable_cache on public data', {
    [CATALOGUE]: `import { unstable_cache } from 'next/cache'
import { anon } from '@/lib/supabase/anon'

const getProducts = unstable_cache(
  async () => {
    const { data, error } = await anon().from('products').select('id, name, price').eq('published', true)
    if (error) throw error
    return data
  },
  ['products'],
  { revalidate: 300, tags: ['products'] },
)

export default async function CataloguePage() {
  const products = await getProducts()
  return <ul>{products.map(product => <li key={product.id}>{product.name}</li>)}</ul>
}
`,
  }),
  change(
    'the same in a fragment of one file',
    { [CATALOGUE]: edit(CATALOGUE_PAGE, "export const dynamic = 'force-dynamic'", 'export const revalidate = 60') },
    only(CATALOGUE),
  ),
  passage(
    'public answers kept by the CDN',
    SEARCH,
    'return NextResponse.json({ products: data })',
    "return NextResponse.json({ products: data }, { headers: { 'Cache-Control': 'public, s-maxage=60' } })",
  ),
  change('schema for an input that had none', {
    [ACTIONS_FILE]: edit(
      edit(
        ACTIONS,
        "  if (!z.string().uuid().safeParse(id).success) return { error: 'Invalid id' }\n",
        "  const parsed = idSchema.safeParse(id)\n  if (!parsed.success) return { error: 'Invalid id' }\n",
      ),
      'const orderSchema',
      'const idSchema = z.string().uuid()\n\nconst orderSchema',
    ),
  }),
  passage('stricter schema', ACTIONS_FILE, 'z.string().max(500).optional()', 'z.string().trim().max(200).optional()'),
  change('rate limit added', {
    [EXPORT]: edit(
      edit(
        EXPORT_ROUTE,
        'import { NextResponse }',
        "import { Ratelimit } from '@upstash/ratelimit'\nimport { Redis } from '@upstash/redis'\nimport { NextResponse }",
      ),
      '  const { data: profile }',
      "  const { success } = await new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.slidingWindow(5, '60 s') }).limit(user.id)\n  if (!success) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })\n  const { data: profile }",
    ),
  }),
  passage('stricter rate limit', SEARCH, "slidingWindow(10, '10 s')", "slidingWindow(5, '10 s')"),
  passage('page of results with a stable order', SEARCH, '.limit(20)', ".order('name').limit(20)"),
  change(
    'loop becomes one query',
    {
      'lib/products.ts': edit(
        LOOP,
        "  const out = []\n  for (const id of ids) {\n    const { data } = await supabase.from('products').select('id, name').eq('id', id).single()\n    if (data) out.push(data)\n  }\n  return out\n",
        "  if (ids.length === 0) return []\n  const { data } = await supabase.from('products').select('id, name').in('id', ids.slice(0, 500))\n  return data ?? []\n",
      ),
    },
    { ...SHOP, 'lib/products.ts': LOOP },
  ),
  change('reads at the same time', {
    [EXPORT]: edit(
      EXPORT_ROUTE,
      "  const { data, error } = await supabase.from('orders').select('id, status, total')\n",
      "  const [{ data, error }, { count }] = await Promise.all([\n    supabase.from('orders').select('id, status, total'),\n    supabase.from('products').select('id', { count: 'estimated', head: true }),\n  ])\n  void count\n",
    ),
  }),
  change('guard moved into a helper', {
    'lib/auth.ts': `import { redirect } from 'next/navigation'
import { createClient } from './supabase/server'

export async function requireUser() {
  const supabase = await createClient()
  const { data: { user } } = await supabase.auth.getUser()
  if (!user) redirect('/login')
  return { supabase, user }
}
`,
    [ORDERS]: edit(
      edit(
        edit(
          ORDERS_PAGE,
          "  const supabase = await createClient()\n  const { data: { user } } = await supabase.auth.getUser()\n  if (!user) redirect('/login')\n",
          '  const { supabase, user } = await requireUser()\n',
        ),
        "import { redirect } from 'next/navigation'\n",
        '',
      ),
      "import { createClient } from '@/lib/supabase/server'",
      "import { requireUser } from '@/lib/auth'",
    ),
  }),
  change('getUser asked once per request', {
    'lib/user.ts': `import { cache } from 'react'
import { createClient } from './supabase/server'

export const currentUser = cache(async () => {
  const supabase = await createClient()
  const { data: { user } } = await supabase.auth.getUser()
  return user
})
`,
    [ORDERS]: edit(
      edit(
        ORDERS_PAGE,
        '  const { data: { user } } = await supabase.auth.getUser()\n',
        '  const user = await currentUser()\n',
      ),
      'import { cancelOrder }',
      "import { currentUser } from '@/lib/user'\nimport { cancelOrder }",
    ),
  }),
  change('getUser becomes getClaims', {
    [ORDERS]: edit(
      edit(
        edit(
          ORDERS_PAGE,
          '{ data: { user } } = await supabase.auth.getUser()',
          '{ data } = await supabase.auth.getClaims()\n  const userId = data?.claims?.sub',
        ),
        'if (!user) redirect',
        'if (!userId) redirect',
      ),
      'user.id',
      'userId',
    ),
  }),
  passage(
    'renamed variables',
    ORDERS,
    '{orders?.map(order => (\n        <li key={order.id}>\n          {order.status}\n          <form action={cancelOrder.bind(null, order.id)}>',
    '{orders?.map(row => (\n        <li key={row.id}>\n          {row.status}\n          <form action={cancelOrder.bind(null, row.id)}>',
  ),
  change('action renamed, with its caller', {
    [ACTIONS_FILE]: edit(ACTIONS, 'export async function cancelOrder', 'export async function cancelOwnOrder'),
    [ORDERS]: edit(
      edit(ORDERS_PAGE, 'import { cancelOrder }', 'import { cancelOwnOrder }'),
      'action={cancelOrder',
      'action={cancelOwnOrder',
    ),
  }),
  change('formatted otherwise', {
    [ACTIONS_FILE]: ACTIONS.replaceAll("'", '"').replaceAll(/$/gm, '').replaceAll('\n  ', '\n    '),
  }),
  change('query moved into a module', {
    'lib/orders.ts': `import type { SupabaseClient } from '@supabase/supabase-js'

export async function ordersOf(supabase: SupabaseClient, userId: string) {
  const { data } = await supabase
    .from('orders')
    .select('id, status, product_id, created_at')
    .eq('user_id', userId)
    .order('created_at', { ascending: false })
    .limit(100)
  return data ?? []
}
`,
    [ORDERS]: edit(
      edit(
        edit(
          ORDERS_PAGE,
          "  const { data: orders } = await supabase\n    .from('orders')\n    .select('id, status, product_id, created_at')\n    .eq('user_id', user.id)\n    .order('created_at', { ascending: false })\n",
          '  const orders = await ordersOf(supabase, user.id)\n',
        ),
        'orders?.map',
        'orders.map',
      ),
      'import { cancelOrder }',
      "import { ordersOf } from '@/lib/orders'\nimport { cancelOrder }",
    ),
  }),
  passage(
    'proxy leaves static files alone',
    'proxy.ts',
    '_next/image|favicon.ico',
    '_next/image|favicon.ico|.*\\\\.(?:svg|png|jpg|webp)$',
  ),
  passage('one more protected path', 'proxy.ts', "'/admin']", "'/admin', '/settings']"),
  change('proxy asks the keys instead of the server', {
    'proxy.ts': edit(
      edit(
        PROXY,
        '{ data: { user } } = await supabase.auth.getUser()',
        '{ data } = await supabase.auth.getClaims()\n  const user = data?.claims',
      ),
      'if (!user &&',
      'if (!user &&',
    ),
  }),
  change(
    'timeout of a call',
    {
      'lib/rates.ts':
        "export async function rates() {\n  const response = await fetch('https://api.example.com/rates', { signal: AbortSignal.timeout(3000) })\n  if (!response.ok) throw new Error('no rates')\n  return response.json()\n}\n",
    },
    {
      ...SHOP,
      'lib/rates.ts':
        "export async function rates() {\n  const response = await fetch('https://api.example.com/rates')\n  if (!response.ok) throw new Error('no rates')\n  return response.json()\n}\n",
    },
  ),
  change(
    'component loaded when it is needed',
    {
      'app/catalogue/chart.tsx':
        "'use client'\nimport dynamic from 'next/dynamic'\n\nconst Heavy = dynamic(() => import('./heavy'), { ssr: false })\nexport function Chart() {\n  return <Heavy />\n}\n",
    },
    {
      ...SHOP,
      'app/catalogue/chart.tsx':
        "'use client'\nimport Heavy from './heavy'\n\nexport function Chart() {\n  return <Heavy />\n}\n",
      'app/catalogue/heavy.tsx': "'use client'\nexport default function Heavy() { return <canvas /> }\n",
    },
  ),
  change('loading state', {
    'app/orders/loading.tsx': 'export default function Loading() { return <p>Loading…</p> }\n',
  }),
  change('documentation', { 'docs/SCALABILITY-RUNBOOK.md': '# Runbook\n\nHow to add an index, and when not to.\n' }),
  change(
    'settings of images and packages',
    {
      'next.config.ts':
        "export default {\n  images: { minimumCacheTTL: 86400, formats: ['image/avif', 'image/webp'] },\n  experimental: { optimizePackageImports: ['lucide-react'] },\n}\n",
    },
    { ...SHOP, 'next.config.ts': 'export default {}\n' },
  ),
  change(
    'size of the pool',
    { 'supabase/config.toml': '[db.pooler]\nenabled = true\ndefault_pool_size = 30\n' },
    { ...SHOP, 'supabase/config.toml': '[db.pooler]\nenabled = true\ndefault_pool_size = 20\n' },
  ),
  change(
    'duration of a function',
    { 'vercel.json': '{ "functions": { "app/api/export/route.ts": { "maxDuration": 30 } } }\n' },
    { ...SHOP, 'vercel.json': '{}\n' },
  ),
  change(
    'more tests',
    {
      'app/actions.test.ts':
        "import { expect, test } from 'vitest'\ntest('orders', () => expect(1).toBe(1))\ntest('more', () => expect(2).toBe(2))\n",
    },
    {
      ...SHOP,
      'app/actions.test.ts': "import { expect, test } from 'vitest'\ntest('orders', () => expect(1).toBe(1))\n",
    },
  ),
  change(
    'search waits for the typist',
    {
      'app/catalogue/search.tsx':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
        "'use client'\nimport { useEffect, useState } from 'react'\n\nexport function Search() {\n  const [q, setQ] = useState('')\n  useEffect(() => {\n    const timer = setTimeout(() => q && fetch(`/api/search?q=${encodeURIComponent(q)}`), 300)\n    return () => clearTimeout(timer)\n  }, [q])\n  return <input value={q} onChange={event => setQ(event.target.value)} />\n}\n",
    },
    {
      ...SHOP,
      'app/catalogue/search.tsx':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
        "'use client'\nimport { useEffect, useState } from 'react'\n\nexport function Search() {\n  const [q, setQ] = useState('')\n  useEffect(() => {\n    if (q) fetch(`/api/search?q=${encodeURIComponent(q)}`)\n  }, [q])\n  return <input value={q} onChange={event => setQ(event.target.value)} />\n}\n",
    },
  ),
]
