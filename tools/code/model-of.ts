import { buildAppModel } from './index.ts'
import type { AppModel, DataAccess, Endpoint } from './model.ts'
import { temporaryRepository } from './temporary-repository.ts'

/** What the files of most tests import: the clients that nearly every app has, under the names that they have there. */
const COMMON: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'web',
    dependencies: { next: '16.1.2', react: '19.2.0', '@supabase/supabase-js': '2.90.1', '@supabase/ssr': '0.8.0' },
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@/*': ['./*'] } } }),
  'app/layout.tsx': 'export default function Layout({ children }) { return <html><body>{children}</body></html> }\n',
  'lib/server.ts': `import { createServerClient } from '@supabase/ssr'
import { cookies } from 'next/headers'
export async function createClient() {
  const store = await cookies()
  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
    cookies: { getAll: () => store.getAll(), setAll() {} },
  })
}
`,
  'lib/browser.ts': `import { createBrowserClient } from '@supabase/ssr'
export const createClient = () => createBrowserClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!)
`,
  'lib/admin.ts': `import { createClient } from '@supabase/supabase-js'
export const createAdmin = () => createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
`,
}

/** The model of a small app: posix path → content, beside a layout and the usual Supabase clients. */
export function modelOf(files: Record<string, string>): Promise<AppModel> {
  return buildAppModel({ root: temporaryRepository({ ...COMMON, ...files }) })
}

/** The accesses of an app that consists of one server action module, as "table operation". */
export async function accessesOf(source: string, files: Record<string, string> = {}): Promise<DataAccess[]> {
  const page =
    "import * as actions from './actions'\nexport default function Page() { return <form action={actions.run} /> }\n"
  const model = await modelOf({ 'app/page.tsx': page, 'app/actions.ts': `'use server'\n${source}`, ...files })
  return model.accesses
}

/** What is known in front of every access of an endpoint, by table. Ids of alternatives are left out. */
export function factsBefore(e: Endpoint): Record<string, string[]> {
  const out: Record<string, string[]> = {}
  for (const { effect, facts } of e.effects) {
    if (effect.k !== 'access') continue
    const known = [...facts].filter(f => !f.startsWith('x:')).sort()
    const name = effect.draft.table ?? effect.draft.rpc ?? '?'
    // On several paths: what holds on all of them.
    out[name] = out[name] ? out[name].filter(f => known.includes(f)) : known
  }
  return out
}

/** The endpoint of that name; fails the test when there is none. */
export function endpointOf(model: AppModel, name: string): Endpoint {
  const found = model.endpoints.find(e => e.name === name)
  if (!found) throw new Error(`no endpoint ${name} among ${model.endpoints.map(e => e.name).join(', ')}`)
  return found
}
