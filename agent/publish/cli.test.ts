import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agent, type Sandbox, sandbox } from '../testing/cli.ts'
import { type FakeGitHub, READ_TOKEN, startGitHub, WRITE_TOKEN } from './testing/github.ts'

/** The built command, from built changes to pull requests and back. */

let app: Sandbox
let github: FakeGitHub

const MIGRATIONS = 'supabase/migrations/20250101000000_init.sql'

beforeAll(async () => {
  github = await startGitHub()
  app = sandbox('shop')
  app.git('init', '-q', '-b', 'main')
  app.git('config', 'user.name', 'person')
  app.git('config', 'user.email', 'person@example.com')
  app.git('add', '-A')
  app.git('commit', '-q', '-m', 'first')
  // Into the bare repository directly: the server that git would ask lives in this process.
  execFileSync('git', ['push', '-q', github.git('rev-parse', '--absolute-git-dir'), 'main'], { cwd: app.root })
  const built = await agent(['build', app.root, '--json'])
  expect(built.stderr + String(built.code)).toMatch(/0$/)
})

afterAll(async () => {
  await github.stop()
  app.remove()
})

const repo = ['--repo', 'octo/shop']
function env(token?: string): NodeJS.ProcessEnv {
  return { GITHUB_API_URL: github.url, GITHUB_TOKEN: token ?? '', GH_TOKEN: '', GITHUB_REPOSITORY: undefined }
}

interface Told {
  outcome: string
  key: string
  body?: string
}

async function publish(
  args: string[],
  token?: string,
): Promise<{ code: number | null; changes: Told[]; stderr: string }> {
  const { code, stdout, stderr } = await agent(['publish', app.root, ...repo, '--json', ...args], { env: env(token) })
  return { code, stderr, changes: stdout ? (JSON.parse(stdout) as { changes: Told[] }).changes : [] }
}

describe('agent publish', () => {
  it('has something to publish: the fixture gives at least one change', () => {
    expect(app.git('branch', '--list', 'scalability/*')).not.toBe('')
    expect(app.read(MIGRATIONS)).toContain('create table')
  })

  it('without a token says what it would do, and writes nothing', async () => {
    const { code, changes } = await publish([])
    expect([code, changes.some(({ outcome }) => outcome === 'would-open')]).toEqual([0, true])
    expect(github.requests).toEqual([])
  })

  it('writes nothing without --yes', async () => {
    const { code } = await publish([], WRITE_TOKEN)
    expect([code, github.pulls]).toEqual([0, []])
  })

  it('opens one draft, and the next run leaves it as it is', async () => {
    expect((await publish(['--yes', '--max-open', '1'], WRITE_TOKEN)).changes.map(({ outcome }) => outcome)).toContain(
      'opened',
    )
    const { body } = github.pulls[0]!
    expect(body).toMatch(/## Security[\s\S]*## Roll back/)
    const again = await publish(['--yes', '--max-open', '1'], WRITE_TOKEN)
    expect(again.changes.map(({ outcome }) => outcome)).toContain('unchanged')
    expect(github.pulls).toMatchObject([{ draft: true, body }])
  })

  it('says what the token lacks, and shows it nowhere', async () => {
    github.closePull(1)
    const { code, changes, stderr } = await publish(['--yes'], READ_TOKEN)
    expect(changes.map(({ outcome }) => outcome)).toContain('closed-by-person')
    expect(JSON.stringify(changes) + stderr).not.toContain(READ_TOKEN)
    expect([0, 1]).toContain(code)
  })

  it.each([
    ['no token', ['--yes'], '', /^agent: no token: set GITHUB_TOKEN/],
    ['an unknown token', ['--yes'], 'ghp_nobody', /^agent: GitHub does not accept the token/],
    ['no such branch', ['--base', 'nowhere'], WRITE_TOKEN, /^agent: octo\/shop: the repository has no branch nowhere/],
    ['a strange repository', ['--repo', 'x'], WRITE_TOKEN, /^agent: x: is not a repository; write owner\/name/],
    ['a strange number', ['--max-new', 'many'], WRITE_TOKEN, /It must be a number from 0 to 999/],
  ])('%s is one line', async (_, args, token, line) => {
    const { code, stderr } = await publish(args, token)
    expect([
      code,
      stderr
        .trim()
        .split('\n')
        .filter(text => text.startsWith('agent:'))
        .join(),
    ]).toEqual([2, expect.stringMatching(line)])
  })

  it('has nothing to publish before agent build', async () => {
    const empty = sandbox('shop')
    empty.git('init', '-q')
    const { code, stderr } = await agent(['publish', empty.root, ...repo], { env: env() })
    expect([code, stderr]).toEqual([2, 'agent: there are no built changes here; run agent build first\n'])
    empty.remove()
  })

  it('refuses records that do not hold what is on the branch', async () => {
    const file = execFileSync('ls', [`${app.root}/.scalability/changes`], { encoding: 'utf8' })
      .split('\n')
      .find(name => name.endsWith('.json'))!
    const path = `.scalability/changes/${file}`
    const text = app.read(path)
    app.write(path, text.replace('create index', 'create  index'))
    const { changes } = await publish([])
    expect(changes.map(({ outcome }) => outcome)).toContain('not-built')
    app.write(path, text)
  })
})
