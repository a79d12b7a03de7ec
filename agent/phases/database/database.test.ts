import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Assessment } from '../../../reports/assessment.ts'
import { agent, type Sandbox, sandbox } from '../../testing/cli.ts'
import { PASSWORD, type RunningDatabase, runningDatabase } from '../../testing/database.ts'

let shop: Sandbox
/** A temporary folder of the test's own: other runs leave and take theirs meanwhile. */
let temporary: string

beforeEach(() => {
  shop = sandbox('shop')
  temporary = mkdtempSync(join(tmpdir(), 'agent-tmp-'))
  // The server may run under another account.
  chmodSync(temporary, 0o755)
})

afterEach(() => {
  shop.remove()
  rmSync(temporary, { recursive: true, force: true })
})

const NOWHERE = { SCALABILITY_DATABASE_URL: '', SUPABASE_ACCESS_TOKEN: '' }
const BROKEN = 'supabase/migrations/20250102000000_broken.sql'

async function assess(...args: string[]): Promise<Assessment> {
  const { stdout } = await agent(['assess', shop.root, '--json', ...args], { env: { ...NOWHERE, TMPDIR: temporary } })
  return JSON.parse(stdout) as Assessment
}

function withoutTimes({ timings: _, generatedAt: __, ...rest }: Assessment): object {
  return rest
}

function shadowFolders(): string[] {
  return readdirSync(temporary).filter(name => name.startsWith('scalability-shadow-'))
}

describe('the migrations', () => {
  it('are replayed in a PostgreSQL of our own', async () => {
    const { database, notInvestigated } = await assess('--no-cache')
    expect(database).toMatchObject({ source: 'migrations', readFrom: 'shadow', live: null })
    expect(database?.replay).toMatchObject({ files: 1, filesClean: 1, rootFailures: [] })
    expect(notInvestigated.map(({ what }) => what)).not.toContain('replay of the migrations')
  })

  it('that fail are problems once, with those that follow from them counted', async () => {
    shop.write(
      BROKEN,
      'create table a (id int references missing);\n\ncreate index on a (id);\ncreate view v as select * from a;',
    )
    const { database, problems } = await assess('--no-cache')
    expect(database?.replay).toMatchObject({ failed: 3, cascades: 2 })
    expect(problems?.filter(({ file }) => file === BROKEN)).toEqual([
      {
        file: BROKEN,
        line: 1,
        message: 'does not run on a new database: relation "missing" does not exist; 2 later failures go back to it',
      },
    ])
  })

  it('are only read with --no-shadow, and the report says so', async () => {
    const { database, notInvestigated } = await assess('--no-cache', '--no-shadow')
    expect(database).toMatchObject({ readFrom: 'files', replay: null })
    expect(notInvestigated).toContainEqual({
      what: 'replay of the migrations',
      why: '--no-shadow; the schema was read from the files',
    })
  })

  it('are only read on a machine without PostgreSQL, and the report says why', async () => {
    const { stdout } = await agent(['assess', shop.root, '--json', '--no-cache'], {
      env: { ...NOWHERE, SCALABILITY_POSTGRES_BIN: join(shop.root, 'nothing') },
    })
    const { database, notInvestigated, findings } = JSON.parse(stdout) as Assessment
    expect(database?.readFrom).toBe('files')
    expect(findings.length).toBeGreaterThan(0)
    expect(notInvestigated.find(({ what }) => what === 'replay of the migrations')?.why).toContain(
      'has no initdb and postgres',
    )
  })

  it('give the same assessment cold and warm', async () => {
    shop.write(BROKEN, 'create extension unheard_of;\ncreate table a (id int references missing);')
    const cold = withoutTimes(await assess())
    expect(readdirSync(join(shop.root, '.scalability/cache/shadow')).length).toBe(1)
    expect(withoutTimes(await assess())).toEqual(cold)
  })

  it('of a hostile repository reach nothing, and the rest is reported', async () => {
    shop.write(
      BROKEN,
      `copy (select 'x') to program 'touch ${shop.root}/touched';
       copy (select 'x') to '${shop.root}/touched';
       select pg_read_file('/etc/passwd');
       drop role authenticated;
       alter role postgres superuser;
       create table after_all (id int primary key);`,
    )
    const { database, findings } = await assess('--no-cache')
    expect(database?.replay?.refused.map(({ why }) => why)).toEqual([
      'COPY PROGRAM runs commands on the server',
      'COPY reads or writes server files',
      'role authenticated belongs to the platform',
      'role postgres belongs to the platform',
    ])
    expect(database?.replay?.rootFailures.map(({ cause }) => cause)).toEqual(['permission'])
    expect(findings.length).toBeGreaterThan(0)
    expect(readdirSync(shop.root)).not.toContain('touched')
    expect(shadowFolders()).toEqual([])
  })
})

describe('Ctrl-C', () => {
  it('in the middle of a replay leaves no server and no folder behind', async () => {
    shop.write(BROKEN, 'select pg_sleep(600);')
    const child = agent(['assess', shop.root, '--no-cache'], {
      env: { ...NOWHERE, TMPDIR: temporary },
      // Once: what it says when interrupted is no reason for another one.
      onStderr: text => (text.endsWith('Reading the schema\n') ? 'SIGINT' : undefined),
    })
    expect(await child).toMatchObject({ code: 130, stderr: expect.stringContaining('agent: interrupted') })
    // The guardian ends the server after us.
    while (shadowFolders().length > 0) await new Promise(resolve => setTimeout(resolve, 50))
  })
})

describe('the running database', () => {
  let database: RunningDatabase

  beforeAll(async () => {
    database = await runningDatabase(`
      create table posts (id int primary key, author text);
      create index made_by_hand on posts (author)`)
  }, 120_000)

  afterAll(() => database.stop())

  it('stands beside the files, with what differs', async () => {
    const { database: report } = await assess('--no-cache', '--db', database.reader)
    expect(report?.live).toMatchObject({ via: 'connection', privileged: false, replica: false })
    expect(report?.live?.drift).toContainEqual({
      kind: 'index',
      object: 'public.posts',
      part: 'made_by_hand',
      only: 'live',
    })
  })

  it('is the schema where the repository defines none', async () => {
    rmSync(join(shop.root, 'supabase'), { recursive: true })
    const { database: report, findings, summary } = await assess('--no-cache', '--db', database.reader)
    expect(report).toMatchObject({ source: null, readFrom: 'live', replay: null, live: { drift: null } })
    expect(summary?.tables).toBe(1)
    expect(findings.filter(({ location }) => location.file === '')).toEqual([])
    expect(findings.find(({ playbook }) => playbook === 'database/rls-disabled')?.location).toEqual({
      file: 'package.json',
      line: 1,
    })
  })

  it('leaves no part of its URL in any report', async () => {
    const out = join(shop.root, 'reports')
    const result = await agent(['assess', shop.root, '--out', out], {
      env: { ...NOWHERE, SCALABILITY_DATABASE_URL: database.reader },
    })
    const texts = [result.stdout, result.stderr, ...readdirSync(out).map(name => readFileSync(join(out, name), 'utf8'))]
    expect(result.stdout).toMatch(/^ {2}Live +PostgreSQL \d+/m)
    for (const secret of [PASSWORD, database.host, encodeURIComponent(database.host)])
      expect(texts.filter(text => text.includes(secret))).toEqual([])
  })

  it('that cannot be asked is one line, and the rest is reported', async () => {
    const wrong = database.reader.replace(PASSWORD, 'wr0ng-password')
    const result = await agent(['assess', shop.root, '--json', '--no-cache', '--db', wrong], { env: NOWHERE })
    const { findings, notInvestigated } = JSON.parse(result.stdout) as Assessment
    expect(result.code).toBe(0)
    expect(result.stderr).toBe('agent: live database: could not be read: the password was not accepted\n')
    expect(findings.length).toBeGreaterThan(0)
    expect(notInvestigated).toContainEqual({
      what: 'live database',
      why: 'could not be read: the password was not accepted',
    })
  })

  it('with a role that can write is refused, with the SQL for one that cannot', async () => {
    const result = await agent(['assess', shop.root, '--json', '--no-cache', '--db', database.owner], { env: NOWHERE })
    const { database: report } = JSON.parse(result.stdout) as Assessment
    expect(report?.live).toBeNull()
    expect(report?.advice).toContain('grant pg_read_all_stats to scalability_reader;')
    expect(result.stderr).toContain('create role scalability_reader login')
  })
})
