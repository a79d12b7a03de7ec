/**
 * A fragment of an app (a few files, no package.json) completed to something the app model can be built of: a manifest, the alias that its
 * imports use, and stand-ins for modules that are not among the files, by what they are called. The same for both sides of a change.
 */

const CODE = /\.[cm]?[jt]sx?$/
const NOT_CODE = /\.d\.[cm]?ts$|(\.|-)(test|spec|stories)\.[cm]?[jt]sx?$|\.config\.[cm]?[jt]s$/
const ROUTE =
  /(^|\/)(page|layout|template|default|route|loading|error|not-found|global-error|middleware|proxy|instrumentation)\.[cm]?[jt]sx?$/

/** Files to add: path → text. `sides` are the files before and after. */
export function completions(sides: readonly ReadonlyMap<string, string>[]): Map<string, string> {
  const all = new Set(sides.flatMap(side => [...side.keys()]))
  const added = new Map<string, string>()
  const bare = ![...all].some(file => /(^|\/)package\.json$/.test(file))
  const nextApp = sides.some(side =>
    [...side].some(([file, text]) => /(^|\/)package\.json$/.test(file) && /"next"\s*:/.test(text)),
  )
  const root = appRoot(all)
  if (!nextApp) added.set(`${root}package.json`, MANIFEST)
  if (bare && ![...all].some(file => /(^|\/)(ts|js)config\.json$/.test(file)))
    added.set(`${root}tsconfig.json`, aliases(all, root))
  if (!bare && nextApp) return added
  const base = [...all].some(file => file.startsWith(`${root}src/`)) ? `${root}src/` : root
  const modules = [...all]
    .filter(
      file =>
        file.startsWith(root) &&
        CODE.test(file) &&
        !NOT_CODE.test(file) &&
        !ROUTE.test(file) &&
        !file.startsWith(`${root}supabase/`),
    )
    .sort()
  const probe = `${base}app/(gate-probe)/gate-probe/page.tsx`
  const up = '../'.repeat(probe.slice(root.length).split('/').length - 1)
  const imports = modules.map(
    (file, i) => `import * as m${i} from '${up}${file.slice(root.length).replace(/\.[cm]?[jt]sx?$/, '')}'`,
  )
  added.set(probe, `${imports.join('\n')}\nexport default function Page() { return null }\n`)
  for (const side of sides)
    for (const [file, text] of side)
      if (CODE.test(file) && !NOT_CODE.test(file)) addStandIns(added, all, root, file, text)
  return added
}

const MANIFEST = JSON.stringify({
  name: 'fragment',
  dependencies: {
    next: '16.1.2',
    react: '19.2.0',
    'react-dom': '19.2.0',
    '@supabase/supabase-js': '2.90.1',
    '@supabase/ssr': '0.8.0',
    zod: '4.1.0',
    '@upstash/ratelimit': '2.0.6',
    '@upstash/redis': '1.35.0',
  },
})

/** Folder that holds app/ or src/app/, with a slash; '' for the top. */
function appRoot(files: ReadonlySet<string>): string {
  for (const file of files) {
    const match = /^((?:[^/]+\/)*?)(?:src\/)?app\//.exec(file)
    if (match && !/(^|\/)(lib|components|src|supabase)\//.test(match[1]!)) return match[1]!
  }
  return ''
}

function aliases(files: ReadonlySet<string>, root: string): string {
  const source = [...files].some(file => file.startsWith(`${root}src/`))
  const targets = source ? ['./src/*', './*'] : ['./*']
  return JSON.stringify({
    compilerOptions: { jsx: 'preserve', paths: { '@/*': targets, '~/*': targets, '#/*': targets } },
  })
}

const IMPORT = /import\s+(?!type\b)([^'"]*?)\s+from\s+['"]([^'"]+)['"]/g

function addStandIns(
  added: Map<string, string>,
  all: ReadonlySet<string>,
  root: string,
  file: string,
  text: string,
): void {
  for (const [, clause = '', specifier = ''] of text.matchAll(IMPORT)) {
    const target = targetOf(specifier, file, root, all)
    if (target === undefined) continue
    const known = [
      target,
      `${target}.ts`,
      `${target}.tsx`,
      `${target}.js`,
      `${target}.jsx`,
      `${target}.mjs`,
      `${target}/index.ts`,
      `${target}/index.tsx`,
      `${target}/index.js`,
      `${target}.json`,
    ]
    if (known.some(one => all.has(one)) || /\.(css|scss|svg|png|json|mdx?)$/.test(target)) continue
    const path = `${target}.ts`
    const names = namesOf(clause).filter(
      name => !(added.get(path) ?? '').includes(` ${name === 'default' ? 'default' : name}`),
    )
    const lines = names.map(name => standIn(name, target))
    if (lines.length > 0) added.set(path, `${added.get(path) ?? PRELUDE}${lines.join('\n')}\n`)
  }
}

function targetOf(specifier: string, file: string, root: string, all: ReadonlySet<string>): string | undefined {
  if (/^[@~#]\//.test(specifier)) {
    const source = [...all].some(one => one.startsWith(`${root}src/`))
    return `${root}${source ? 'src/' : ''}${specifier.slice(2)}`
  }
  if (!specifier.startsWith('.')) return undefined
  const parts = file.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function namesOf(clause: string): string[] {
  const out: string[] = []
  const braces = /\{([^}]*)\}/.exec(clause)?.[1]
  for (const part of braces?.split(',') ?? []) {
    const name = /^\s*(?!type\s)([\w$]+)/.exec(part)?.[1]
    if (name) out.push(name)
  }
  if (/^[\w$]+/.test(clause.trim()) && !clause.trim().startsWith('{')) out.push('default')
  return out
}

const PRELUDE = `import { createServerClient, createBrowserClient } from '@supabase/ssr'
import { createClient as makeClient } from '@supabase/supabase-js'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
const server = () => createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => (cookies() as any).getAll(), setAll() {} } })
const browser = () => createBrowserClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!)
const service = () => makeClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
const anonymous = () => makeClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!)
async function user() { const { data: { user } } = await server().auth.getUser(); return user }
`

/** A module that is not there, by what it is called: general habits of naming, and what is not recognised stays unknown. */
function standIn(name: string, module: string): string {
  const own = name === 'default' ? module.split('/').at(-1)! : name
  const define = (body: string) => (name === 'default' ? `export default ${body}` : `export const ${name} = ${body}`)
  const data = /supabase|\bdb\b|database/i.test(module)
  const makes = /^(create|get|make|use|init)/i.test(own)
  if (/admin|service/i.test(own) && /client|supabase|db|role/i.test(own)) return define(makes ? 'service' : 'service()')
  if (data && /(admin|service)[^/]*$/i.test(module) && /client|supabase|create/i.test(own))
    return define(makes ? 'service' : 'service()')
  if (/anon|public/i.test(own) && /client|supabase/i.test(own)) return define(makes ? 'anonymous' : 'anonymous()')
  if (data && /(client|browser)[^/]*$/i.test(module) && /client|supabase/i.test(own))
    return define(makes ? 'browser' : 'browser()')
  if ((data || /supabase/i.test(own)) && /client|supabase|server/i.test(own))
    return define(makes ? 'server' : 'server()')
  // Whether these end the request for strangers is not known: what the file itself does with the answer counts.
  if (/^(require|ensure|assert|protect|verify)\w*(user|auth|session|login|signed|admin|role|staff|owner)/i.test(own))
    return define('user')
  if (/^(get|current|fetch|load)\w*(user|auth)/i.test(own)) return define('user')
  if (/Schema$/.test(own)) return define('z.object({ value: z.string() })')
  return name === 'default'
    ? 'export default (globalThis as any).unknown'
    : `export const ${name} = (globalThis as any).unknown`
}
