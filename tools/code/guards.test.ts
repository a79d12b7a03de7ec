import { describe, expect, it } from 'vitest'
import { endpointOf, factsBefore, modelOf } from './model-of.ts'

/** What is known in front of the accesses of `run`, an exported server action. */
async function provenIn(source: string, files: Record<string, string> = {}): Promise<Record<string, string[]>> {
  const page = "import { run } from './actions'\nexport default () => <form action={run} />\n"
  const imports =
    "import { redirect } from 'next/navigation'\nimport { z } from 'zod'\nimport { createClient } from '@/lib/server'\n"
  const model = await modelOf({ 'app/page.tsx': page, 'app/actions.ts': `'use server'\n${imports}${source}`, ...files })
  return factsBefore(endpointOf(model, 'run'))
}

describe('input validation', () => {
  it('by a helper whose result is checked', async () => {
    const facts = await provenIn(`
      function parseInput(schema, input) {
        const result = schema.safeParse(input)
        return result.success ? { success: true, data: result.data } : { success: false, error: 'invalid' }
      }
      export async function run(input) {
        const parsed = parseInput(z.object({ id: z.string() }), input)
        if (!parsed.success) return parsed
        await (await createClient()).from('a').insert(parsed.data)
      }`)
    expect(facts.a).toContain('valid:arg0')
  })

  it('is none when the result is computed and ignored', async () => {
    const facts = await provenIn(`
      export async function run(input) {
        z.object({ id: z.string() }).safeParse(input)
        await (await createClient()).from('a').insert(input)
      }`)
    expect(facts.a!.filter(f => f.startsWith('valid:'))).toEqual([])
  })

  it('is none when it comes after the access', async () => {
    const facts = await provenIn(`
      export async function run(input) {
        const supabase = await createClient()
        await supabase.from('early').insert(input)
        z.object({ id: z.string() }).parse(input)
        await supabase.from('late').insert(input)
      }`)
    expect(facts.early).not.toContain('valid:arg0')
    expect(facts.late).toContain('valid:arg0')
  })

  it('by hand: a type, a pattern, a list', async () => {
    const facts = await provenIn(`
      const KINDS = ['a', 'b']
      export async function run(id, name, kind) {
        if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(name)) throw new Error('invalid')
        if (!KINDS.includes(kind)) return
        await (await createClient()).from('a').insert({ id, name, kind })
      }`)
    expect(facts.a).toEqual(expect.arrayContaining(['valid:arg0', 'valid:arg1', 'valid:arg2']))
  })

  it('on one path only is none on the others', async () => {
    const facts = await provenIn(`
      export async function run(input, strict) {
        if (strict) z.string().parse(input)
        await (await createClient()).from('a').insert({ input })
      }`)
    expect(facts.a).not.toContain('valid:arg0')
  })

  it('by next-safe-action, middleware included', async () => {
    const facts = await provenIn(
      `import { action } from '@/lib/safe'
      export const run = action.inputSchema(z.object({ id: z.string() })).action(async ({ parsedInput, ctx }) => {
        await (await createClient()).from('a').insert({ id: parsedInput.id, owner: ctx.user.id })
      })`,
      {
        'lib/safe.ts': `import { createSafeActionClient } from 'next-safe-action'
          import { createClient } from './server'
          export const action = createSafeActionClient().use(async ({ next }) => next()).use(async ({ next }) => {
            const { data: { user } } = await (await createClient()).auth.getUser()
            if (!user) throw new Error('signed out')
            return next({ ctx: { user } })
          })`,
      },
    )
    expect(facts.a).toContain('auth')
  })
})

describe('authentication', () => {
  const getUser = 'const { data: { user } } = await (await createClient()).auth.getUser()\n'

  it.each([
    [
      'a redirect',
      `async function requireUser() { ${getUser} if (!user) redirect('/login')\n return user }`,
      'const user = await requireUser()',
    ],
    [
      'an exception',
      `async function requireUser() { ${getUser} if (!user) throw new Error('no')\n return user }`,
      'await requireUser()',
    ],
    [
      'an early return',
      `async function currentUser() { ${getUser} return user }`,
      'if (!(await currentUser())) return { error: true }',
    ],
    [
      'a result',
      `async function check() { ${getUser} return user ? { ok: true, user } : { ok: false } }`,
      'const c = await check()\n if (!c.ok) return',
    ],
  ])('by %s', async (_name, helper, use) => {
    const facts = await provenIn(`${helper}
      export async function run() {
        ${use}
        await (await createClient()).from('a').select()
      }`)
    expect(facts.a).toContain('auth')
  })

  it('is none when nobody looks at the answer', async () => {
    const facts = await provenIn(`async function currentUser() { ${getUser} return user }
      export async function run() {
        const user = await currentUser()
        await (await createClient()).from('a').select()
        return user
      }`)
    expect(facts.a).not.toContain('auth')
  })

  it('by a wrapper of the handler', async () => {
    const model = await modelOf({
      'lib/with-user.ts': `import { createClient } from './server'
        export function withUser(handler) {
          return async (request, context) => {
            const supabase = await createClient()
            const { data: { user } } = await supabase.auth.getUser()
            if (!user) return Response.json({ error: 'signed out' }, { status: 401 })
            return handler(request, { ...context, user, supabase })
          }
        }`,
      'app/api/parts/route.ts': `import { withUser } from '@/lib/with-user'
        export const GET = withUser(async (_request, { supabase, user }) => {
          const { data } = await supabase.from('parts').select().eq('owner_id', user.id)
          return Response.json(data)
        })`,
    })
    const handler = endpointOf(model, 'GET')
    expect(factsBefore(handler).parts).toContain('auth')
    expect(handler.opaque).toBe(false)
  })

  it('by the middleware of a tRPC procedure', async () => {
    const model = await modelOf({
      'lib/trpc.ts': `import { initTRPC, TRPCError } from '@trpc/server'
        import { createClient } from './server'
        const t = initTRPC.create()
        export const router = t.router
        export const open = t.procedure
        export const member = t.procedure.use(async ({ next }) => {
          const supabase = await createClient()
          const { data: { user } } = await supabase.auth.getUser()
          if (!user) throw new TRPCError({ code: 'UNAUTHORIZED' })
          return next({ ctx: { supabase, user } })
        })`,
      'lib/router.ts': `import { createClient } from './server'
        import { member, open, router } from './trpc'
        export const app = router({
          mine: member.query(async ({ ctx }) => (await ctx.supabase.from('mine').select().eq('owner', ctx.user.id)).data),
          all: open.query(async () => (await (await createClient()).from('all').select()).data),
        })`,
      'app/api/trpc/[trpc]/route.ts': `import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
        import { app } from '@/lib/router'
        const handler = req => fetchRequestHandler({ endpoint: '/api/trpc', req, router: app, createContext: () => ({}) })
        export { handler as GET, handler as POST }`,
    })
    const procedures = model.endpoints.filter(e => e.kind === 'procedure')
    const facts = Object.assign({}, ...procedures.map(factsBefore)) as Record<string, string[]>
    expect(facts.mine).toContain('auth')
    expect(facts.all).not.toContain('auth')
    expect(procedures.map(e => e.routes)).toEqual([['/api/trpc/[trpc]'], ['/api/trpc/[trpc]']])
  })

  it('by a secret that the caller presents', async () => {
    const model = await modelOf({
      'app/api/cron/route.ts': `import { createAdmin } from '@/lib/admin'
        export async function GET(request) {
          if (request.headers.get('authorization') !== \`Bearer \${process.env.CRON_SECRET}\`) return new Response('', { status: 401 })
          await createAdmin().from('jobs').delete().eq('done', true)
          return Response.json({ ok: true })
        }`,
    })
    expect(factsBefore(endpointOf(model, 'GET')).jobs).toContain('secret')
  })
})

describe('rate limits', () => {
  it('hold once their answer was looked at', async () => {
    const facts = await provenIn(`
      import { Ratelimit } from '@upstash/ratelimit'
      const limiter = new Ratelimit({})
      export async function run(input) {
        const supabase = await createClient()
        const { success } = await limiter.limit('x')
        await supabase.from('asked').insert({ input })
        if (!success) return { error: 'slow down' }
        await supabase.from('limited').insert({ input })
      }`)
    expect(facts.asked).not.toContain('limited')
    expect(facts.limited).toContain('limited')
  })
})
