import { describe, expect, it } from 'vitest'
import { accessesOf, modelOf } from './model-of.ts'

const server = "import { createClient } from '@/lib/server'\n"

describe('builders', () => {
  it('across statements and branches: what always bounds it is told from what sometimes does', async () => {
    const [a] = await accessesOf(`${server}export async function run(filter) {
      const supabase = await createClient()
      let query = supabase.from('parts').select('*').eq('active', true)
      if (filter.brand) query = query.eq('brand', filter.brand)
      if (filter.take) query = query.limit(10)
      const { data } = await query
      return data
    }`)
    expect(a).toMatchObject({ table: 'parts', operation: 'select', role: 'user' })
    expect(a!.shapes.map(s => s.filters.map(f => f.column)).sort()).toEqual([
      ['active'],
      ['active'],
      ['active', 'brand'],
      ['active', 'brand'],
    ])
    expect(a!.shapes.filter(s => s.limit === undefined)).toHaveLength(2)
  })

  it('with more optional steps than can be told apart keep their least and their most', async () => {
    const steps = Array.from({ length: 9 }, (_, i) => `if (filter.c${i}) query = query.eq('c${i}', filter.c${i})`)
    const [a] = await accessesOf(`${server}export async function run(filter) {
      const supabase = await createClient()
      let query = supabase.from('parts').select('*')
      ${steps.join('\n')}
      return (await query.order('name')).data
    }`)
    const sizes = a!.shapes.map(s => s.filters.length)
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([0, 9])
  })

  it('chosen by a condition', async () => {
    const [a] = await accessesOf(`${server}export async function run(mine) {
      const supabase = await createClient()
      const all = supabase.from('parts').select()
      const { data } = await (mine ? all.eq('owner', 'me') : all)
      return data
    }`)
    expect(a!.shapes.map(s => s.filters.length).sort()).toEqual([0, 1])
  })

  it('that are started and never awaited read nothing', async () => {
    expect(
      await accessesOf(`${server}export async function run() {
        const supabase = await createClient()
        void supabase.from('log').insert({ a: 1 })
      }`),
    ).toEqual([])
  })

  it('with head, count, range, single and embeds', async () => {
    const list = await accessesOf(`${server}export async function run(id) {
      const supabase = await createClient()
      await supabase.from('a').select('*', { count: 'exact', head: true })
      await supabase.from('b').select('id, parts(*), author:profiles!fk(name)').range(0, 19)
      await supabase.from('c').select().eq('id', id).maybeSingle()
      await supabase.rpc('ranking', { top: 5 })
      await supabase.from('d').upsert([{ id }]).select()
    }`)
    expect(list.map(a => [a.table ?? a.rpc, a.operation])).toEqual([
      ['a', 'select'],
      ['b', 'select'],
      ['c', 'select'],
      ['ranking', 'rpc'],
      ['d', 'upsert'],
    ])
    expect(list[0]!.shapes[0]).toMatchObject({ head: true, count: 'exact' })
    expect(list[1]!.shapes[0]).toMatchObject({ range: true, embeds: [{ table: 'parts' }, { table: 'profiles' }] })
    expect(list[2]!.shapes[0]).toMatchObject({ single: 'maybe', filters: [{ column: 'id', op: 'eq' }] })
    expect(list[4]!.shapes[0]).toMatchObject({ returning: true, payloadRows: 'many' })
  })
})

describe('clients', () => {
  it('whose name does not reveal their role', async () => {
    const [a] = await accessesOf(
      "import { db } from '@/lib/db'\nexport const run = async () => (await db().from('a').select()).data",
      {
        'lib/db.ts': "import { createAdmin } from './admin'\nexport function db() { return createAdmin() }\n",
      },
    )
    expect(a).toMatchObject({ table: 'a', role: 'service' })
  })

  it('as parameters: one place, several roles', async () => {
    const [a] = await accessesOf(
      `${server}import { createAdmin } from '@/lib/admin'
      async function list(client) { return (await client.from('parts').select().limit(5)).data }
      export async function run() { return list(await createClient()) }
      export async function all() { return list(createAdmin()) }`,
    )
    expect(a!.shapes.map(s => s.role).sort()).toEqual(['service', 'user'])
  })

  it('through a type argument without a call, a proxy and a bound method', async () => {
    const list = await accessesOf(
      `import { makeClient, lazy } from '@/lib/clients'
      export async function run() {
        await makeClient('', process.env.ANON_KEY).from('a').select()
        await lazy.from('b').select()
        const from = lazy.from.bind(lazy)
        await from('c').select()
      }`,
      {
        'lib/clients.ts': `import { createClient } from '@supabase/supabase-js'
          import { createAdmin } from './admin'
          export const makeClient = createClient<Database>
          export const lazy = new Proxy({}, { get: (_, p) => createAdmin()[p] })`,
      },
    )
    expect(list.map(a => [a.table, a.role])).toEqual([
      ['a', 'anon'],
      ['b', 'service'],
      ['c', 'service'],
    ])
  })

  it('made with another key where the service key is missing', async () => {
    const [a] = await accessesOf(
      "import { make } from '@/lib/make'\nexport const run = async () => (await make().from('a').select()).data",
      {
        'lib/make.ts': `import { createClient } from '@supabase/supabase-js'
        export function make() {
          const key = process.env.SERVICE_ROLE_KEY
          if (!key) return createClient('', process.env.ANON_KEY)
          return createClient('', key)
        }`,
      },
    )
    expect(a!.role).toBe('service')
  })

  it('in classes', async () => {
    const [a] = await accessesOf(
      `${server}import { PartsRepository } from '@/lib/parts'
      export async function run(id) { return new PartsRepository(await createClient()).byId(id) }`,
      {
        'lib/parts.ts': `class Base { constructor(protected readonly client) {} }
          export class PartsRepository extends Base {
            private table = 'parts'
            async byId(id: string) { return this.query().eq('id', id).single() }
            private query() { return this.client.from(this.table).select('*') }
          }`,
      },
    )
    expect(a).toMatchObject({ table: 'parts', role: 'user', file: 'lib/parts.ts', line: 5 })
    expect(a!.shapes[0]).toMatchObject({ single: 'single', filters: [{ column: 'id', op: 'eq' }] })
  })

  it('in a React context', async () => {
    const { accesses } = await modelOf({
      'app/layout.tsx': `import { Db } from '@/lib/context'
        export default function Layout({ children }) { return <Db>{children}</Db> }`,
      'lib/context.tsx': `'use client'
        import { createContext, useContext, useState } from 'react'
        import { createClient } from './browser'
        const Context = createContext(undefined)
        export function Db({ children }) {
          const [client] = useState(() => createClient())
          return <Context.Provider value={{ client }}>{children}</Context.Provider>
        }
        export const useDb = () => useContext(Context)`,
      'app/page.tsx': `'use client'
        import { useEffect } from 'react'
        import { useDb } from '@/lib/context'
        export default function Page() {
          const { client } = useDb()
          useEffect(() => { client.from('parts').select().then(() => {}) }, [])
          return <p />
        }`,
    })
    expect(accesses).toMatchObject([{ table: 'parts', browser: true, routes: ['/'] }])
  })
})

describe('loops', () => {
  it('over rows, not over pages, retries or short lists', async () => {
    const list = await accessesOf(`${server}export async function run(ids) {
      const supabase = await createClient()
      for (const id of ids) await supabase.from('rows').select().eq('id', id)
      await Promise.all(ids.map(id => supabase.from('mapped').delete().eq('id', id)))
      for (const table of ['one', 'two']) await supabase.from(table).select().limit(1)
      for (let page = 0; ; page++) {
        const { data } = await supabase.from('pages').select().range(page * 100, page * 100 + 99)
        if (!data || data.length < 100) break
      }
    }`)
    expect(Object.fromEntries(list.map(a => [a.table, a.inLoop]))).toEqual({
      rows: true,
      mapped: true,
      one: false,
      two: false,
      pages: false,
    })
  })

  it('see in one round what the round before left', async () => {
    const list = await accessesOf(`${server}export async function run(rows) {
      const supabase = await createClient()
      const done = []
      let failed = null
      for (const row of rows) {
        if (failed) await supabase.from('failures').insert({ failed })
        if (done.length > 0) await supabase.from('again').select()
        if (!row) { failed = row; continue }
        done.push(row)
      }
    }`)
    expect(list.map(a => a.table)).toEqual(['failures', 'again'])
  })

  it('end in every state in which they were left', async () => {
    const list = await accessesOf(`${server}export async function run(rows) {
      const supabase = await createClient()
      let found = null
      for (const row of rows) { if (row.id) { found = row; break } }
      if (!found) return
      await supabase.from('found').select()
    }`)
    expect(list.map(a => a.table)).toEqual(['found'])
  })
})

describe('control flow', () => {
  it('enters a catch block with what the body had assigned', async () => {
    const list = await accessesOf(`${server}import { work } from 'somewhere'
      export async function run() {
        const supabase = await createClient()
        let id = null
        try { id = await work(); await work(id) } catch { if (id) await supabase.from('jobs').delete().eq('id', id) }
      }`)
    expect(list.map(a => a.table)).toEqual(['jobs'])
  })

  it('finds handlers in tables', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `t${i}`)
    const list = await accessesOf(`${server}
      ${names.map(n => `const ${n} = async (db) => (await db.from('${n}').select()).data`).join('\n')}
      const handlers = { ${names.join(', ')} }
      export async function run(name) { return handlers[name]?.(await createClient()) }`)
    expect(list.map(a => a.table)).toEqual(names)
  })

  it('hands on what result types hold', async () => {
    const list = await accessesOf(`${server}import { ResultAsync } from 'neverthrow'
      export async function run() {
        return ResultAsync.fromSafePromise(createClient())
          .andThen(db => ResultAsync.fromPromise(db.from('a').select(), e => e))
          .map(rows => rows)
      }`)
    expect(list.map(a => [a.table, a.inLoop])).toEqual([['a', false]])
  })

  it('takes text with unknown parts for no literal', async () => {
    const [a] = await accessesOf(`${server}export async function run(id) {
      const supabase = await createClient()
      return (await supabase.from('keys').select().eq('key', \`part_\${id}\`)).data
    }`)
    expect(a!.shapes[0]!.filters).toMatchObject([{ column: 'key', constant: false, meta: { inp: [{ ref: 'arg0' }] } }])
  })
})

it('what the proxy reads belongs to its matcher', async () => {
  const model = await modelOf({
    'app/page.tsx': 'export default function Page() { return null }\n',
    'proxy.ts': `import { createClient } from './lib/server'
export async function proxy(request) {
  const supabase = await createClient()
  await supabase.from('bans').select('id').eq('ip', request.ip).limit(1)
}
export const config = { matcher: ['/account/:path*', '/admin'] }
`,
  })
  expect(model.accesses.map(a => [a.table, a.routes])).toEqual([['bans', ['/account/:path*, /admin']]])
})
