import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { agent, type Sandbox, sandbox } from '../testing/cli.ts'
import { PASSWORD, type RunningDatabase, runningDatabase } from '../testing/database.ts'

let database: RunningDatabase
let folder: Sandbox

beforeAll(async () => {
  database = await runningDatabase(`
    create table orders (id int generated always as identity primary key, customer text, total numeric);
    create index orders_customer on orders (customer);
    create index orders_never_used on orders (total);
    insert into orders (customer, total) select 'secret customer ' || i, i from generate_series(1, 500) i`)
  await database.admin.query(`analyze orders; set enable_seqscan = off; set enable_bitmapscan = off`)
  await database.admin.query('select extensions.pg_stat_statements_reset()')
  await database.admin.query('set role postgres')
  await database.admin.query(`select total from orders where customer = 'secret customer 5'`)
  await database.admin.query('reset role')
  await database.admin.query('select pg_stat_force_next_flush()')
}, 120_000)

afterAll(() => database.stop())

beforeEach(() => {
  folder = sandbox()
})

afterEach(() => folder.remove())

/** Without what the machine of the developer may say. */
const NOWHERE = { SCALABILITY_DATABASE_URL: '', SUPABASE_ACCESS_TOKEN: '' }

function stats(args: string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof agent> {
  return agent(['stats', folder.root, ...args], { env: { ...NOWHERE, ...env } })
}

function expectNoSecret({ stdout, stderr }: { stdout: string; stderr: string }): void {
  for (const secret of [PASSWORD, database.host, encodeURIComponent(database.host), 'secret customer'])
    expect(stdout + stderr).not.toContain(secret)
}

describe('the page', () => {
  it('shows sections as tables, with the age of the statistics', async () => {
    const { code, stdout } = await stats(['--db', database.reader])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Statistics of \d+ (minute|hour)/m)
    expect(stdout).toMatch(/^ {2}orders +500 /m)
    expect(stdout).toMatch(/^ {2}orders_never_used +orders /m)
    expect(stdout).toContain('Nobody waits for a lock at this moment.')
  })

  it('says of each section that could not be read why', async () => {
    const { stdout } = await stats(['--db', database.reader, '--section', 'bloat'])
    expect(stdout.replace(/\s+/g, ' ')).toContain('could not be read: the role sees no column statistics')
  })

  it('fits 80 to 120 columns and shows no literal, no host and no password', async () => {
    const result = await stats([], { SCALABILITY_DATABASE_URL: database.reader })
    expect(result.stdout.split('\n').filter(line => line.length > 120)).toEqual([])
    expect(result.stdout).toMatch(/postgres +select total from orders/)
    expectNoSecret(result)
  })

  it('does not count what it asks itself', async () => {
    const { stdout } = await stats(['--db', database.reader, '--section', 'calls,outliers', '--limit', '1000'])
    expect(stdout).not.toMatch(/scalability_reader .*pg_/)
  })
})

describe('--json', () => {
  it('prints all rows of the sections asked for, and nothing else', async () => {
    const result = await stats(['--db', database.reader, '--json', '--section', 'unused-indexes,bloat'])
    const page = JSON.parse(result.stdout)
    expect(result.stderr).toBe('')
    expect(Object.keys(page.sections)).toEqual(['unused-indexes', 'bloat'])
    expect(page.sections['unused-indexes'].rows).toMatchObject([{ name: 'orders_never_used', scans: 0 }])
    expect(page.sections.bloat).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('SELECT on the tables'),
    })
    expectNoSecret(result)
  })
})

describe('what the user can put right', () => {
  const mistakes: [string, () => string[], RegExp][] = [
    ['no database named', () => [], /^agent: no database is named: --db, SCALABILITY_DATABASE_URL/],
    ['an unknown section', () => ['--section', 'bloot'], /did you mean bloat\?/],
    [
      'a wrong password',
      () => ['--db', database.reader.replace(PASSWORD, 'wr0ng-password')],
      /password was not accepted/,
    ],
    ['nobody there', () => ['--db', 'postgresql://u:p4ssw0rd@127.0.0.1:1/x'], /nobody listens there/],
    ['not a URL', () => ['--db', 'p4ssw0rd'], /the database URL is not a URL/],
    ['a reference that is none', () => ['--project-ref', 'nope'], /20 lower-case letters/],
    ['a reference without token', () => ['--project-ref', 'abcdefghijklmnopqrst'], /SUPABASE_ACCESS_TOKEN/],
  ]
  it.each(mistakes)('one line and exit code 2 for %s', async (_, args, message) => {
    const result = await stats(args())
    const lines = result.stderr
      .trim()
      .split('\n')
      .filter(line => line !== 'Asking the database')
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(message)
    expect(result.stderr).not.toMatch(/p4ssw0rd|wr0ng/)
    expectNoSecret(result)
  })

  it('a URL in the wrong place is not repeated', async () => {
    const misplaced = await agent(['stats', 'postgresql://u:p4ss/w0rd@h/x'], { env: NOWHERE })
    const unknown = await agent(['stats', '--section', 'postgresql://u:p4ss/w0rd@h/x'], { env: NOWHERE })
    expect(misplaced.stderr).toBe('agent: the folder is a database URL; give it with --db\n')
    expect(unknown.stderr).not.toContain('w0rd')
  })

  it('a role that can write is refused with the SQL for one that cannot, and goes when allowed', async () => {
    const refused = await stats(['--db', database.owner])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('grant pg_read_all_stats to scalability_reader;')
    const allowed = await stats(['--db', database.owner, '--allow-privileged-role', '--section', 'cache-hit'])
    expect(allowed).toMatchObject({ code: 0, stdout: expect.stringContaining('in read-only transactions') })
    expectNoSecret(allowed)
  })
})

describe('the Management API', () => {
  it('is asked for the linked project, and the token stays in its header', async () => {
    const asked: (string | undefined)[] = []
    const api = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', async () => {
        const { rows } = await database.admin.query((JSON.parse(body) as { query: string }).query)
        response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(rows))
      })
    })
    await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve))
    folder.write('supabase/.temp/project-ref', 'abcdefghijklmnopqrst\n')
    folder.write('.env', `SCALABILITY_DATABASE_URL=${database.reader}\n`)
    const result = await stats(['--section', 'table-sizes'], {
      SUPABASE_ACCESS_TOKEN: 'sbp_0123456789abcdef',
      SUPABASE_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    })
    api.close()
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}orders +500 /m) })
    expect(new Set(asked)).toEqual(
      new Set(['POST /v1/projects/abcdefghijklmnopqrst/database/query/read-only Bearer sbp_0123456789abcdef']),
    )
    expect(result.stdout + result.stderr).not.toContain('sbp_')
  })
})
