import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assessmentSchema } from '../reports/assessment.ts'
import { agent, CLI, type Sandbox, sandbox } from './testing/cli.ts'

let shop: Sandbox

beforeEach(() => {
  shop = sandbox('shop')
})

afterEach(() => shop.remove())

const POSTS = 'app/posts/page.tsx'

interface Found {
  playbook: string
  status: string
  location: { file: string; line: number }
  suppression?: { reason: string; by: string }
}

/** The unbounded queries of the shop, by file, as `agent assess --json` tells them. */
async function assessed(
  ...args: string[]
): Promise<{ code: number | null; findings: Map<string, Found>; problems: { message: string }[] }> {
  const { code, stdout } = await agent(['assess', shop.root, '--json', '--no-cache', ...args])
  const { findings, problems } = JSON.parse(stdout) as { findings: Found[]; problems: { message: string }[] }
  const lists = findings.filter(({ playbook }) => playbook === 'database/unbounded-query')
  return { code, problems, findings: new Map(lists.map(finding => [finding.location.file, finding])) }
}

async function statuses(...args: string[]): Promise<Record<string, string>> {
  const { findings } = await assessed(...args)
  return Object.fromEntries([...findings].map(([file, { status }]) => [file, status]))
}

function rewrite(file: string, from: string, to: string): void {
  const text = shop.read(file)
  expect(text).toContain(from)
  shop.write(file, text.replace(from, to))
}

describe('help', () => {
  it.each([
    [['--help'], /Usage: agent .*assess.*explain/s],
    [[], /Usage: agent/],
    [['help', 'assess'], /Usage: agent assess/],
    [['assess', '--help'], /Usage: agent assess.*--json.*--fail-on.*Examples:/s],
    [['explain', '--help'], /Usage: agent explain/],
    [['--version'], /^scalability-agent \d+\.\d+\.\d+\n$/],
  ])('%j', async (args, expected) => {
    const { code, stdout, stderr } = await agent(args)
    expect(stdout).toMatch(expected)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('explain', () => {
  it('prints a playbook', async () => {
    const { code, stdout } = await agent(['explain', 'database/unbounded-query'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /database\/unbounded-query.*Why it breaks at 10,000 users.*When it is fine.*Fix.*Roll back.*Sources/s,
    )
    expect(stdout).not.toMatch(/^#|```/m)
  })

  it('lists all without a name', async () => {
    const { stdout } = await agent(['explain'])
    expect(stdout).toContain('database/unbounded-query')
    expect(stdout).toContain('caching/force-dynamic')
  })

  it.each([
    ['database/unbouned-query', 'did you mean database/unbounded-query?'],
    ['zebra', '`agent explain` lists them all'],
  ])('%s: %s', async (name, hint) => {
    expect(await agent(['explain', name])).toEqual({
      code: 2,
      stdout: '',
      stderr: `agent: explain: no playbook "${name}"; ${hint}\n`,
    })
  })
})

describe('what cannot be run', () => {
  it.each([
    [['asess'], /^agent: unknown command 'asess' \(Did you mean assess\?\)$/],
    [['assess', '--jsn'], /^agent: unknown option '--jsn' \(Did you mean --json\?\)$/],
    [['assess', 'a', 'b'], /too many arguments/],
    [['assess', 'nowhere'], /^agent: nowhere: there is no such folder; give the folder of a Next\.js app$/],
    [['assess', 'package.json'], /^agent: package\.json: is not a folder/],
    [['assess', '--area', 'databse'], /There is no area "databse"; did you mean database\?$/],
    [['assess', '--area', ''], /It is empty; choose from database, api/],
    [['assess', '--format', 'pdf'], /There is no format "pdf"; choose from terminal, json/],
    [['assess', '--fail-on', 'hgih'], /There is no severity "hgih"; did you mean high\?$/],
    [['assess', '--only', 'exact-coutn'], /--only: no playbook "exact-coutn"; did you mean database\/exact-count\?$/],
    [['assess', '--area', 'cost'], /no playbook is left: there is none for cost yet/],
    [['assess', '--json', '--format', 'terminal'], /--json leaves no place for --format terminal/],
    [['assess', '--out', '-'], /--out - prints one report: name it with --format/],
    [['assess', '--baseline', 'none.json'], /--baseline none\.json: cannot be read \(ENOENT\)$/],
    [['assess', '--baseline', 'package.json'], /--baseline package\.json: is no assessment/],
    [['assess', '--config', 'none.json'], /none\.json: no such file/],
    [['assess', '--config', 'package.json'], /package\.json:2: name: unknown key/],
    [['assess', '--since', 'HEAD'], /--since: the folder is not in a git repository/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await agent(args, { cwd: shop.root })
    expect(stderr.trim()).toMatch(message)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(readdirSync(shop.root)).not.toContain('scalability-report')
  })

  const MANIFEST = JSON.stringify({ dependencies: { next: '16.0.3' } })
  it.each<[string, Record<string, string>, RegExp]>([
    ['an empty folder', {}, /holds no files/],
    ['no package.json', { 'app/page.tsx': 'export default () => null' }, /has no package\.json/],
    ['another framework', { 'package.json': '{"dependencies":{"vite":"7.0.0"}}' }, /Next/],
    [
      'the Pages Router',
      { 'package.json': MANIFEST, 'pages/index.tsx': 'export default () => null' },
      /uses the Pages Router only/,
    ],
    [
      'a hostile configuration',
      { 'package.json': MANIFEST, 'app/page.tsx': '', 'scalability.config.json': '['.repeat(99_999) },
      /scalability\.config\.json:1: not valid JSON/,
    ],
  ])('%s: one line that says what to do', async (_what, files, message) => {
    const folder = sandbox()
    for (const [file, text] of Object.entries(files)) folder.write(file, text)
    const { code, stdout, stderr } = await agent(['assess', folder.root, '--quiet'])
    folder.remove()
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

describe('what only the running shows is one line as well', () => {
  it.skipIf(!existsSync('/dev/full'))('a full disk behind stdout', async () => {
    const full = openSync('/dev/full', 'w')
    const args = [CLI, 'assess', shop.root, '--json', '--no-cache', '--no-shadow']
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' })
    closeSync(full)
    expect([status, stderr]).toEqual([2, 'agent: cannot write to stdout (ENOSPC)\n'])
  })

  it('--out below a file', async () => {
    const { code, stderr } = await agent(['assess', shop.root, '--out', join(shop.root, 'package.json/reports')])
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/cannot be made \(ENOTDIR\); choose another folder with --out\n$/),
    ])
  })

  it('--since in a repository without a commit', async () => {
    shop.git('init', '--quiet')
    const { code, stderr } = await agent(['assess', shop.root, '--since', 'HEAD'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--since: the repository has no commit yet/)])
  })
})

describe('agent assess', () => {
  it('prints a summary, tells its steps on stderr and writes the reports', async () => {
    const { code, stdout, stderr } = await agent(['assess'], { cwd: shop.root })
    expect(code).toBe(0)
    expect(stderr).toBe('Reading the code\nReading the schema\nJudging\n')
    expect(stdout).toContain('app/posts/page.tsx:8')
    expect(stdout).toContain('scalability-report/assessment.html')
    expect(readdirSync(join(shop.root, 'scalability-report')).sort()).toEqual([
      '.gitignore',
      'assessment.html',
      'assessment.json',
      'assessment.md',
      'assessment.sarif',
    ])
    expect(shop.read('scalability-report/.gitignore')).toBe('*\n')
    expect(shop.read('.scalability/.gitignore')).toBe('*\n')
  })

  it('prints JSON and nothing else with --json, and writes nothing but the cache', async () => {
    const before = readdirSync(shop.root)
    const { code, stdout, stderr } = await agent(['assess', shop.root, '--json', '--no-cache'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(assessmentSchema.parse(JSON.parse(stdout)).repository?.name).toBe('shop')
    expect(readdirSync(shop.root)).toEqual(before)
  })

  it('gives the same bytes again, with and without the cache, times aside', async () => {
    const timeless = async (...args: string[]): Promise<string> => {
      const { stdout } = await agent(['assess', shop.root, '--json', ...args])
      return stdout.replace(/"generatedAt": .*|"timings": \{[^}]*\}/g, '')
    }
    const first = await timeless('--no-cache')
    expect(await timeless()).toBe(first)
    expect(await timeless()).toBe(first)
  })

  it('prints one report with --out -', async () => {
    const { stdout } = await agent(['assess', shop.root, '--format', 'sarif', '--out', '-'])
    expect(JSON.parse(stdout)).toMatchObject({ version: '2.1.0' })
    expect(existsSync(join(shop.root, 'scalability-report'))).toBe(false)
  })

  it('writes only the formats that were asked for, where it was told', async () => {
    const { stdout } = await agent(['assess', '--format', 'markdown', '--out', 'docs/report'], { cwd: shop.root })
    expect(stdout).toBe('')
    expect(readdirSync(join(shop.root, 'docs/report'))).toEqual(['assessment.md'])
  })

  it('is silent with --quiet', async () => {
    const { stdout, stderr } = await agent(['assess', shop.root, '--quiet'])
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
    expect(existsSync(join(shop.root, 'scalability-report/assessment.json'))).toBe(true)
  })

  it('colours only when asked to, and never against NO_COLOR', async () => {
    const args = ['assess', shop.root, '--no-cache']
    expect((await agent(args)).stdout).not.toContain('\u001b')
    expect((await agent(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b')
    expect((await agent(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001b')
  })

  it('ends cleanly on Ctrl-C', async () => {
    const onStderr = (text: string): NodeJS.Signals | undefined =>
      text === 'Reading the code\n' ? 'SIGINT' : undefined
    const { code, stdout, stderr } = await agent(['assess', shop.root, '--no-cache'], { onStderr })
    expect(stderr).toMatch(/agent: interrupted\n$/)
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(readdirSync(shop.root)).not.toContain('scalability-report')
  })

  it('does not write through a link that the repository placed', async () => {
    const elsewhere = sandbox()
    mkdirSync(join(elsewhere.root, 'target'))
    symlinkSync(join(elsewhere.root, 'target'), join(shop.root, 'scalability-report'))
    symlinkSync(join(elsewhere.root, 'target'), join(shop.root, '.scalability'))
    const { code, stderr } = await agent(['assess', shop.root, '--quiet'])
    expect(stderr).toMatch(/scalability-report is a link/)
    expect(code).toBe(2)
    expect(readdirSync(join(elsewhere.root, 'target'))).toEqual([])
    elsewhere.remove()
  })

  it('assesses the rest of a repository that holds broken and hostile files', async () => {
    shop.write('app/broken/page.tsx', 'export default function ( {{{ <div>')
    writeFileSync(join(shop.root, 'lib/wide.ts'), Buffer.from('\ufeffexport const wide = 1\n', 'utf16le'))
    shop.write('lib/generated.ts', `export const data = "${'x'.repeat(5_000_000)}"\n`)
    shop.write(
      'tsconfig.json',
      '{ "extends": ["./tsconfig.json", "../../../../etc/passwd"], "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
    )
    symlinkSync('..', join(shop.root, 'lib/loop'))
    symlinkSync('/etc', join(shop.root, 'app/etc'))
    shop.write('supabase/migrations/20250102000000_broken.sql', 'create table ((((; -- \u0000')
    const { findings } = await assessed()
    expect(findings.get(POSTS)?.status).toBe('open')
  })

  it('names what it did not look at, an app without Supabase included', async () => {
    shop.write(
      'package.json',
      JSON.stringify({ name: 'shop', dependencies: { next: '16.0.3', 'drizzle-orm': '0.44.0' } }),
    )
    rmSync(join(shop.root, 'supabase'), { recursive: true })
    const { stdout } = await agent(['assess', shop.root, '--json', '--no-cache', '--area', 'api'])
    const { notInvestigated } = JSON.parse(stdout) as { notInvestigated: { what: string; why: string }[] }
    const gaps = Object.fromEntries(notInvestigated.map(({ what, why }) => [what, why]))
    expect(gaps).toMatchObject({
      'live database': expect.stringMatching(/^no --db/),
      'database schema': expect.stringMatching(/^no migrations/),
      Supabase: expect.stringMatching(/^no app depends on/),
      database: 'narrowed to api',
      traffic: expect.any(String),
    })
  })

  it('hides secrets in excerpts', async () => {
    rewrite(
      POSTS,
      'export const revalidate',
      "const key = 'sb_secret_MadeUpForTests0000000000000'\nexport const revalidate",
    )
    const { stdout } = await agent(['assess', shop.root, '--json', '--no-cache'])
    expect(stdout).toContain(POSTS)
    expect(stdout).not.toContain('MadeUpForTests')
  })
})

describe('what counts as open', () => {
  const OPEN = { 'app/orders/page.tsx': 'open', [POSTS]: 'open' }

  it('is everything at first', async () => {
    expect(await statuses()).toEqual(OPEN)
  })

  it('is not what a comment suppresses with a reason', async () => {
    rewrite(
      POSTS,
      '  const { data',
      '  // scalability-ignore database/unbounded-query: twelve posts for ever\n  const { data',
    )
    const { findings, problems } = await assessed()
    expect(findings.get(POSTS)).toMatchObject({
      status: 'suppressed',
      suppression: { reason: 'twelve posts for ever' },
    })
    expect(findings.get('app/orders/page.tsx')?.status).toBe('open')
    expect(problems).toEqual([])
  })

  it('stays what a comment suppresses without a reason, and the comment is reported', async () => {
    rewrite(POSTS, '  const { data', '  // scalability-ignore database/unbounded-query\n  const { data')
    const { findings, problems } = await assessed()
    expect(findings.get(POSTS)?.status).toBe('open')
    expect(problems).toMatchObject([{ message: expect.stringMatching(/the reason is missing/), file: POSTS, line: 7 }])
  })

  it('says when a suppression is not used', async () => {
    rewrite('app/page.tsx', 'return', '// scalability-ignore database/unbounded-query: for nothing\n  return')
    const { problems } = await assessed()
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/unused suppression/), file: 'app/page.tsx', line: 2 },
    ])
  })

  it('is not what the configuration suppresses or excludes', async () => {
    const suppress = [{ playbook: 'database/unbounded-query', files: 'app/posts/**', reason: 'small' }]
    shop.write('scalability.config.json', JSON.stringify({ suppress, exclude: ['app/orders/**'] }))
    expect(await statuses()).toEqual({ [POSTS]: 'suppressed' })
  })

  it('is not what an earlier assessment knows, even after the lines have moved', async () => {
    await agent(['assess', '--quiet', '--format', 'json', '--out', 'before'], { cwd: shop.root })
    rewrite(POSTS, 'export const revalidate', '// A line more.\n\nexport const revalidate')
    rewrite('app/page.tsx', 'return', 'await list()\n  return')
    const baseline = join(shop.root, 'before/assessment.json')
    expect(await statuses('--baseline', baseline)).toEqual({ 'app/orders/page.tsx': 'baseline', [POSTS]: 'baseline' })
  })

  it('is only what changed with --since', async () => {
    shop.git('init', '--quiet', '--initial-branch=main')
    shop.git('add', '--all')
    shop.git('commit', '--quiet', '--message', 'first')
    rewrite('app/orders/page.tsx', "'id, total_cents'", "'id, total_cents, placed_at'")
    expect(await statuses('--since', 'main')).toEqual({ 'app/orders/page.tsx': 'open' })
  })

  it('is only what the areas and playbooks cover', async () => {
    expect(await statuses('--area', 'caching,api')).toEqual({})
    expect(await statuses('--only', 'exact-count')).toEqual({})
    expect(await statuses('--only', 'unbounded-query', '--area', 'database')).toEqual(OPEN)
  })
})

describe('the exit code', () => {
  it.each([
    [['--fail-on', 'high'], {}, 1],
    [['--fail-on', 'info'], {}, 1],
    [['--fail-on', 'critical'], {}, 0],
    [['--fail-on', 'none'], { failOn: 'low' }, 0],
    [[], { failOn: 'low' }, 1],
    [[], {}, 0],
    [['--fail-on', 'info'], { suppress: [{ playbook: '*', reason: 'all is well' }] }, 0],
  ])('with %j and %j is %i', async (args, config, expected) => {
    shop.write('scalability.config.json', JSON.stringify(config))
    expect((await assessed(...args)).code).toBe(expected)
  })
})
