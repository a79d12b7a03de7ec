import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gathered } from '../gathered.ts'
import type { SchemaModel } from '../schema/model.ts'
import { chooseEngine } from '../schema/shadow/engine.ts'
import { platformSql } from '../schema/shadow/platform/index.ts'
import { type Server, SUPERUSER, startServer } from '../schema/shadow/server.ts'
import { connect } from './connection.ts'
import { compareSchemas } from './drift.ts'
import { readDatabase } from './index.ts'
import type { LiveDatabase } from './model.ts'
import { normaliseQuery } from './normalise.ts'
import { readOnlyRoleSql } from './privileges.ts'

let server: Server
let admin: pg.Client

beforeAll(async () => {
  const choice = chooseEngine(undefined, [dirname(fileURLToPath(import.meta.url))])
  if ('reason' in choice) throw new Error(choice.reason)
  server = await startServer({ engine: choice.engine })
  admin = new pg.Client({ ...server.connection, user: SUPERUSER, database: 'postgres' })
  admin.on('error', () => {})
  await admin.connect()
  await admin.query(platformSql())
  await admin.query(`
    set role postgres;
    create table orders (id int generated always as identity primary key, customer text, total numeric);
    create index orders_customer on orders (customer);
    alter table orders enable row level security;
    insert into orders (customer, total) select 'secret customer ' || i, i from generate_series(1, 2000) i;
    reset role;
    analyze orders;
    select setval('public.orders_id_seq', 2000000000);
    select extensions.pg_stat_statements_reset();
    select pg_stat_force_next_flush();`)
  await admin.query(`select count(*) from orders where customer = 'secret customer 5'`)
  await admin.query(readOnlyRoleSql())
  await admin.query(`alter role scalability_reader password 'only-for-reading'`)
  const hba = join(server.data, 'pg_hba.conf')
  await writeFile(hba, `local all scalability_reader scram-sha-256\n${await readFile(hba, 'utf8')}`)
  await admin.query('select pg_reload_conf()')
}, 60_000)

afterAll(async () => {
  await admin.end().catch(() => {})
  await server.remove()
})

function url(user: string, password: string, more = ''): string {
  return `postgresql://${user}:${password}@/postgres?host=${encodeURIComponent(server.folder)}${more}`
}

const reader = () => url('scalability_reader', 'only-for-reading')

function ran<T>(gathered: Gathered<T>): T {
  if (gathered.status !== 'ran') throw new Error(JSON.stringify(gathered))
  return gathered.value
}

describe('a role that only reads statistics', () => {
  it('gets every section but the ones that need rights on the tables', async () => {
    const live = ran(await readDatabase({ url: reader() }))
    const failed = Object.entries(live).filter(([, part]) => 'status' in part && part.status !== 'ran')
    expect(failed.map(([name]) => name)).toEqual(['bloat', 'columnStatistics'])
    expect(live.overview).toMatchObject({
      major: server.engine.major,
      via: 'connection',
      privileged: false,
      replica: false,
    })
    expect(ran(live.tables).find(({ name }) => name === 'orders')).toMatchObject({ rows: 2000, inserts: 2000 })
    expect(ran(live.indexes).find(({ name }) => name === 'orders_customer')).toMatchObject({
      unique: false,
      valid: true,
    })
    expect(ran(live.sequences)[0]).toMatchObject({ table: 'orders', column: 'id', lastValue: 2_000_000_000 })
    expect(ran(live.sequences)[0]?.used).toBeGreaterThan(0.9)
    expect(ran(live.settings).roles).toContainEqual({ role: 'anon', setting: 'statement_timeout', value: '3s' })
  })

  it('sees what statements cost and never what was in them', async () => {
    const live = ran(await readDatabase({ url: reader() }))
    const text = JSON.stringify(live)
    expect(ran(live.statements).top.some(({ query }) => query.includes('from orders where customer'))).toBe(true)
    expect(text).not.toContain('secret customer')
    expect(text).not.toContain('only-for-reading')
    expect(text).not.toContain(server.folder)
  })

  it('finds who waits for whom', async () => {
    const holder = new pg.Client({ ...server.connection, user: 'postgres', database: 'postgres' })
    const waiter = new pg.Client({ ...server.connection, user: 'postgres', database: 'postgres' })
    await holder.connect()
    await waiter.connect()
    await holder.query(`begin; update orders set total = 1 where id = 1`)
    const waiting = waiter.query(`update orders set total = 2 where id = 1 and customer <> 'somebody'`)
    const isWaiting = async () =>
      (await admin.query(`select 1 from pg_stat_activity where wait_event_type = 'Lock'`)).rows.length > 0
    while (!(await isWaiting())) await new Promise(resolve => setTimeout(resolve, 10))
    const live = ran(await readDatabase({ url: reader() }))
    await holder.query('rollback')
    await waiting
    await holder.end()
    await waiter.end()
    expect(ran(live.blocking)).toMatchObject([
      {
        blocked: { role: 'postgres', query: 'update orders set total = ? where id = ? and customer <> ?' },
        blocking: { role: 'postgres', state: 'idle in transaction' },
      },
    ])
    expect(ran(live.connections).idleInTransaction.count).toBe(1)
  })

  it('cannot write whatever is asked: its transactions are read-only', async () => {
    const live = await readDatabase({ url: url('postgres', 'any'), allowPrivilegedRole: true })
    expect(ran(live).overview.privileged).toBe(true)
    expect(ran(ran(live).bloat)).toEqual([])
    expect(ran(ran(live).columnStatistics).map(({ column }) => column)).toContain('customer')
  })
})

describe('what cannot be read', () => {
  it('refuses a role that can write, with the SQL for one that cannot', async () => {
    const live = await readDatabase({ url: url('postgres', 'any') })
    expect(live).toMatchObject({ status: 'failed' })
    const { error } = live as { error: string }
    expect(error).toContain('may change')
    expect(error).toContain('grant pg_read_all_stats to scalability_reader;')
  })

  const failures: [string, () => string, string][] = [
    ['a wrong password', () => url('scalability_reader', 'wrong-password'), 'the password was not accepted'],
    ['an unknown database', () => reader().replace('/postgres?', '/nothing?'), 'the database does not exist'],
    [
      'a server without TLS',
      () => url('postgres', 'any', '&sslmode=require'),
      'the server offers no TLS (sslmode=disable turns it off)',
    ],
    ['nobody there', () => 'postgresql://u:p4ssw0rd@127.0.0.1:1/db', 'nobody listens there (connection refused)'],
    ['no URL', () => 'not a url', 'the database URL is not a URL (postgresql://user:password@host:port/database)'],
  ]
  it.each(failures)('says so: %s', async (_, address, error) => {
    expect(await readDatabase({ url: address() })).toEqual({ status: 'failed', error })
  })

  it('is skipped when nothing says where', async () => {
    expect(await readDatabase({})).toMatchObject({ status: 'skipped' })
  })

  it('says what fails alone when pg_stat_statements is not there, and reports the rest', async () => {
    await admin.query('drop extension pg_stat_statements')
    const live = ran(await readDatabase({ url: reader() }))
    await admin.query('create extension pg_stat_statements schema extensions')
    expect(live.statements).toMatchObject({ status: 'failed', error: expect.stringContaining('create extension') })
    expect(live.tables.status).toBe('ran')
  })

  it('says what fails alone when one view may not be read, and reports the rest', async () => {
    await admin.query('revoke select on pg_statio_user_tables from public')
    const live = ran(await readDatabase({ url: reader() }))
    await admin.query('grant select on pg_statio_user_tables to public')
    expect(live.cache).toEqual({ status: 'failed', error: 'permission denied for view pg_statio_user_tables' })
    expect(live.tables.status).toBe('ran')
  })

  it('connects again when the connection was cut between two questions', async () => {
    const connection = await connect(reader())
    await connection.rows('select 1 as one')
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'scalability_reader'`)
    // The notice of the end may come after the next question: that one fails, those after it are answered.
    await connection.rows('select 1 as one').catch(() => {})
    expect(await connection.rows('select 1 as one')).toEqual([{ one: 1 }])
    await connection.close()
  })

  it('keeps what it has when the connection is cut in the middle', async () => {
    const reading = readDatabase({ url: reader() })
    const cut = async () =>
      (
        await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'scalability_reader' and query ~ 'pg_stat_all_tables'`,
        )
      ).rows.length > 0
    let settled: Gathered<LiveDatabase> | undefined
    reading.then(result => {
      settled = result
    })
    while (!settled && !(await cut())) await new Promise(resolve => setTimeout(resolve, 1))
    const live = await reading
    expect(['ran', 'failed']).toContain(live.status)
    expect(JSON.stringify(live)).not.toContain('only-for-reading')
  })
})

describe('the Management API', () => {
  const requests: string[] = []
  let api: HttpServer
  let origin: string

  beforeAll(async () => {
    api = createServer((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', async () => {
        requests.push(`${request.method} ${request.url}`)
        if (request.headers.authorization !== 'Bearer sbp_token_for_test') {
          response.writeHead(401).end('{"message":"Unauthorized"}')
          return
        }
        const answer = await admin.query((JSON.parse(body) as { query: string }).query).then(
          ({ rows }) => ({ status: 201, rows: rows as unknown }),
          (error: Error) => ({ status: 400, rows: { message: error.message } as unknown }),
        )
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.rows))
      })
    })
    await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  })

  afterAll(() => {
    api.close()
  })

  it('answers the same questions without a database password', async () => {
    const management = { token: 'sbp_token_for_test', project: 'abcdefghijklmnopqrst', origin }
    const live = ran(await readDatabase({ management }))
    expect(live.overview.via).toBe('management-api')
    expect(ran(live.tables).map(({ name }) => name)).toContain('orders')
    expect(new Set(requests)).toEqual(new Set(['POST /v1/projects/abcdefghijklmnopqrst/database/query/read-only']))
  })

  it('says when the token is wrong, without repeating it', async () => {
    const management = { token: 'sbp_some_other_token', project: 'abcdefghijklmnopqrst', origin }
    expect(await readDatabase({ management })).toEqual({ status: 'failed', error: 'the access token was not accepted' })
  })
})

describe('query texts', () => {
  it.each([
    [`select * from t where a = 'O''Hara' and b in (1, 2, 3) -- note`, 'select * from t where a = ? and b in (?)'],
    ['select $1, $12::int', 'select $1, $12::int'],
    ["insert into t values ($$secret$$, E'a\\'b', 1.5e3)", 'insert into t values (?)'],
    [`select "a b" from "T" where x = 'cut off in the mid`, 'select "a b" from "T" where x = ?'],
  ])('lose their literals: %s', (text, expected) => {
    expect(normaliseQuery(text)).toBe(expected)
  })
})

describe('drift', () => {
  it('is what one side has and the other has not', async () => {
    const live = ran(ran(await readDatabase({ url: reader() })).schema)
    const files = structuredClone(live)
    const orders = files.tables.find(({ name }) => name === 'orders')!
    orders.indexes = orders.indexes.filter(({ name }) => name !== 'orders_customer')
    orders.rowLevelSecurity = false
    orders.columns[1]!.type = 'uuid'
    expect(compareSchemas(files, live)).toEqual([
      {
        kind: 'column',
        object: 'public.orders',
        part: 'customer',
        only: 'differs',
        detail: 'uuid in the files, text in the database',
      },
      { kind: 'index', object: 'public.orders', part: 'orders_customer', only: 'live' },
      { kind: 'row-level-security', object: 'public.orders', only: 'differs', detail: 'on in the database' },
    ])
    expect(compareSchemas(live, live)).toEqual([])
  })

  it('is silent about what the files cannot tell', async () => {
    const live = ran(ran(await readDatabase({ url: reader() })).schema)
    const written: SchemaModel = {
      ...structuredClone(live),
      source: 'generated-types',
      readFrom: 'files',
      functions: [],
    }
    for (const table of written.tables) for (const column of table.columns) column.type = 'spelled differently'
    expect(compareSchemas(written, live)).toEqual([])
  })
})
