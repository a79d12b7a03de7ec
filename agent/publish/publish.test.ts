import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../tools/workspace/change.ts'
import { branchName, changeKey } from '../../tools/workspace/key.ts'
import { openGitHub } from './api.ts'
import { blobSha } from './marker.ts'
import { type Publishable, publishChanges } from './publish.ts'
import { type FakeGitHub, NAME, OWNER, READ_TOKEN, startGitHub, WRITE_TOKEN } from './testing/github.ts'

/** Real HTTP, real git; the only thing that is not real is the company behind it. */

let github: FakeGitHub
let work: string

beforeEach(async () => {
  github = await startGitHub()
  work = mkdtempSync(join(tmpdir(), 'person-'))
  await person('clone', '-q', github.clone, work)
  await commit('a.ts', 'export const rows = 1\n', 'first')
  await person('push', '-q', 'origin', 'HEAD:main')
})

afterEach(async () => {
  expect(github.unexpected).toEqual([])
  await github.stop()
  rmSync(work, { recursive: true, force: true })
})

/** Not synchronously: the server that git talks to lives in this process. */
async function person(...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=person', '-c', 'user.email=person@example.com']
  const at = args[0] === 'clone' ? tmpdir() : work
  return (await promisify(execFile)('git', [...identity, ...args], { cwd: at })).stdout
}

async function commit(file: string, text: string, message: string): Promise<void> {
  writeFileSync(join(work, file), text)
  await person('add', file)
  await person('commit', '-q', '-m', message)
}

async function item(name: string, files: Record<string, string | null>, body = `Why ${name}.`): Promise<Publishable> {
  const playbook = 'database/unbounded-query'
  const change: Change = {
    playbook,
    key: changeKey(playbook, name),
    findings: [],
    title: `Limit ${name}`,
    summary: '',
    files,
    migrations: [],
    rollback: '',
    security: '',
    verify: [],
    notVerified: [],
  }
  const before: Publishable['before'] = {}
  for (const path of Object.keys(files)) {
    const line = await person('ls-tree', 'HEAD', '--', path)
    before[path] = line ? { mode: line.slice(0, 6), sha: line.slice(12, 52) } : null
  }
  return { change, branch: branchName(change), body, before }
}

interface Run {
  write?: boolean
  limits?: { open: number; new: number }
  token?: string
  draft?: boolean
}

async function publish(
  items: (Publishable | Promise<Publishable>)[],
  { write = true, limits, token = WRITE_TOKEN, draft = true }: Run = {},
) {
  const signal = new AbortController().signal
  const api = await openGitHub({ owner: OWNER, name: NAME, token, url: github.url, signal })
  const published = await publishChanges(await Promise.all(items), {
    github: api,
    write,
    limits: limits ?? { open: 3, new: 3 },
    draft,
  })
  return published.map(({ outcome }) => outcome)
}

function writes(): string[] {
  return github.requests.filter(request => !request.startsWith('GET '))
}

const CHANGE = { 'a.ts': 'export const rows = 2\n', 'sql/1.sql': 'select 1;\n' }

describe('a new change', () => {
  it('becomes a draft from a branch that holds exactly its files', async () => {
    const change = await item('posts', CHANGE)
    expect(await publish([change])).toEqual(['opened'])
    expect(github.pulls).toMatchObject([{ number: 1, head: change.branch, base: 'main', draft: true, state: 'open' }])
    expect(github.git('diff', '--name-only', 'main', change.branch)).toBe('a.ts\nsql/1.sql')
    expect(github.git('rev-parse', `${change.branch}:a.ts`)).toBe(blobSha(CHANGE['a.ts']))
  })

  it('is only foretold in a dry run', async () => {
    expect(await publish([item('posts', CHANGE)], { write: false })).toEqual(['would-open'])
    expect(writes()).toEqual([])
  })

  it('may delete a file', async () => {
    const change = await item('posts', { 'a.ts': null, 'b.ts': 'x\n' })
    await publish([change])
    expect(github.git('ls-tree', '--name-only', change.branch)).toBe('b.ts')
  })

  it('waits while as many are open, or were opened in this run, as may be', async () => {
    const items = ['a', 'b', 'c'].map(name => item(name, { [`${name}.sql`]: 'select 1;\n' }))
    expect(await publish(items, { limits: { open: 3, new: 1 } })).toEqual(['opened', 'limit-new', 'limit-new'])
    expect(await publish(items, { limits: { open: 2, new: 2 } })).toEqual(['unchanged', 'opened', 'limit-open'])
    expect(github.pulls).toHaveLength(2)
  })
})

describe('the same change again', () => {
  it('touches nothing', async () => {
    await publish([item('posts', CHANGE)])
    const before = writes().length
    expect(await publish([item('posts', CHANGE)])).toEqual(['unchanged'])
    expect(writes()).toHaveLength(before)
  })

  it('updates its pull request when its content is another, by a commit on top', async () => {
    const first = await item('posts', CHANGE)
    await publish([first])
    const old = github.git('rev-parse', first.branch)
    expect(await publish([item('posts', { ...CHANGE, 'a.ts': 'export const rows = 3\n' })])).toEqual(['updated'])
    expect(github.pulls).toHaveLength(1)
    expect(github.git('merge-base', old, first.branch)).toBe(old)
    expect(github.git('show', `${first.branch}:a.ts`)).toBe('export const rows = 3')
  })

  it('brings in what the default branch got meanwhile', async () => {
    const first = await item('posts', CHANGE)
    await publish([first])
    await commit('other.ts', 'x\n', 'meanwhile')
    await person('push', '-q', 'origin', 'HEAD:main')
    expect(await publish([item('posts', { ...CHANGE, 'a.ts': 'export const rows = 3\n' })])).toEqual(['updated'])
    expect(github.git('diff', '--name-only', `main...${first.branch}`)).toBe('a.ts\nsql/1.sql')
    expect(await publish([item('posts', { ...CHANGE, 'a.ts': 'export const rows = 3\n' })])).toEqual(['unchanged'])
  })

  it('refreshes only the text when only the text is another', async () => {
    const first = await item('posts', CHANGE)
    await publish([first])
    const head = github.git('rev-parse', first.branch)
    expect(await publish([item('posts', CHANGE, 'New numbers.')])).toEqual(['updated'])
    expect(github.pulls[0]!.body).toContain('New numbers.')
    expect(github.git('rev-parse', first.branch)).toBe(head)
  })

  it('leaves a text that a person has edited', async () => {
    await publish([item('posts', CHANGE)])
    const edited = github.pulls[0]!.body.replace('Why posts.', 'Why posts? Because.')
    github.editBody(1, edited)
    expect(await publish([item('posts', CHANGE, 'New numbers.')])).toEqual(['unchanged'])
    expect(github.pulls[0]!.body).toBe(edited)
  })

  it('is not opened again once it is merged', async () => {
    await publish([item('posts', CHANGE)])
    github.mergePull(1)
    expect(await publish([item('posts', CHANGE)])).toEqual(['already-applied'])
  })
})

describe('what people do is respected', () => {
  it('a closed pull request stays closed, also when the change is another one now', async () => {
    await publish([item('posts', CHANGE)])
    github.closePull(1)
    const before = writes().length
    expect(await publish([item('posts', { 'a.ts': 'export const rows = 9\n' })])).toEqual(['closed-by-person'])
    expect(writes()).toHaveLength(before)
  })

  it('a commit that somebody pushed to the branch is not overwritten', async () => {
    const first = await item('posts', CHANGE)
    await publish([first])
    await person('fetch', '-q', 'origin')
    await person('checkout', '-q', first.branch)
    await commit('a.ts', 'export const rows = 20\n', 'better')
    await person('push', '-q', 'origin', first.branch)
    const head = github.git('rev-parse', first.branch)
    await person('checkout', '-q', '-')
    const next = await item('posts', { ...CHANGE, 'a.ts': 'export const rows = 3\n' })
    expect(await publish([next])).toEqual(['foreign-commits'])
    expect(github.git('rev-parse', first.branch)).toBe(head)
  })

  it('an amended commit of ours is no longer ours', async () => {
    const first = await item('posts', CHANGE)
    await publish([first])
    await person('fetch', '-q', 'origin')
    await person('checkout', '-q', first.branch)
    writeFileSync(join(work, 'a.ts'), 'export const rows = 21\n')
    await person('commit', '-q', '-a', '--amend', '--no-edit')
    await person('push', '-q', '-f', 'origin', first.branch)
    await person('checkout', '-q', '-')
    expect(await publish([item('posts', CHANGE)])).toEqual(['foreign-commits'])
  })

  it('a push between our look and our write makes GitHub refuse ours', async () => {
    const first = await item('posts', CHANGE)
    await publish([first])
    github.fault = (method, path) => {
      if (method !== 'PATCH' || !path.includes('/git/refs/')) return undefined
      github.fault = undefined
      const tree = github.git('rev-parse', `${first.branch}^{tree}`)
      const theirs = github.git('commit-tree', tree, '-p', first.branch, '-m', 'theirs')
      github.git('update-ref', `refs/heads/${first.branch}`, theirs)
      return undefined
    }
    expect(await publish([item('posts', { ...CHANGE, 'a.ts': 'export const rows = 3\n' })])).toEqual(['failed'])
    expect(github.git('log', '-1', '--format=%s', first.branch)).toBe('theirs')
  })

  it("a pull request of somebody else on the branch's name is left alone", async () => {
    const first = await item('posts', CHANGE)
    const theirs = github.git('commit-tree', github.git('rev-parse', 'main^{tree}'), '-p', 'main', '-m', 'theirs')
    github.git('update-ref', `refs/heads/${first.branch}`, theirs)
    expect(await publish([first])).toEqual(['foreign-commits'])
    expect(writes()).toEqual([])
  })
})

describe('when the default branch moved on', () => {
  it('a change to a file that is another one now is not forced onto it', async () => {
    const change = await item('posts', CHANGE)
    await commit('a.ts', 'export const rows = 100\n', 'meanwhile')
    await person('push', '-q', 'origin', 'HEAD:main')
    expect(await publish([change])).toEqual(['base-moved'])
  })

  it('a migration that others would overtake waits for a new version', async () => {
    const change = await item('posts', { 'supabase/migrations/20260101000000_index.sql': 'select 1;\n' })
    const up = 'supabase/migrations/20260101000000_index.sql'
    change.change.migrations = [{ up, down: 'down.sql', transactional: true }]
    await person('checkout', '-q', '-b', 'x')
    mkdirSync(join(work, 'supabase/migrations'), { recursive: true })
    await commit('supabase/migrations/20260201000000_other.sql', 'select 2;\n', 'other')
    await person('push', '-q', 'origin', 'HEAD:main')
    expect(await publish([change])).toEqual(['base-moved'])
  })
})

describe('interrupted anywhere', () => {
  const steps = ['/git/blobs', '/git/trees', '/git/commits', '/git/refs', '/pulls']
  const kinds = ['cut', 'lost'] as const
  it.each(steps.flatMap(step => kinds.map(kind => [kind, step] as const)))(
    '%s at POST %s: the next run makes one pull request of it',
    async (kind, step) => {
      github.fault = (method, path) => (method === 'POST' && path.endsWith(step) ? { kind } : undefined)
      expect(await publish([item('posts', CHANGE)])).toEqual(['failed'])
      github.fault = undefined
      const again = kind === 'lost' && step === '/pulls' ? 'unchanged' : 'opened'
      expect(await publish([item('posts', CHANGE)])).toEqual([again])
      expect(github.pulls).toHaveLength(1)
      expect(github.git('rev-list', '--count', `main..${github.pulls[0]!.head}`)).toBe('1')
    },
  )

  it('an update that was pushed but not described is described by the next run', async () => {
    await publish([item('posts', CHANGE)])
    let patches = 0
    github.fault = method => (method === 'PATCH' && ++patches === 2 ? { kind: 'cut' } : undefined)
    const next = await item('posts', { ...CHANGE, 'a.ts': 'export const rows = 3\n' }, 'Now three.')
    expect(await publish([next])).toEqual(['failed'])
    github.fault = undefined
    expect(await publish([next])).toEqual(['updated'])
    expect(github.pulls[0]!.body).toContain('Now three.')
    expect(await publish([next])).toEqual(['unchanged'])
  })
})

describe('what GitHub refuses is said in one line', () => {
  async function failure(run: Run): Promise<string> {
    const signal = new AbortController().signal
    const api = await openGitHub({ owner: OWNER, name: NAME, token: run.token ?? WRITE_TOKEN, url: github.url, signal })
    try {
      const options = { github: api, write: true, limits: { open: 3, new: 3 }, draft: true }
      return (await publishChanges([await item('posts', CHANGE)], options)).map(({ detail }) => detail).join()
    } catch (error) {
      return (error as Error).message
    }
  }

  it('an unknown token', async () => {
    expect(await failure({ token: 'ghp_nobody' })).toMatch(/does not accept the token/)
  })

  it('a token that may not write', async () => {
    expect(await failure({ token: READ_TOKEN })).toMatch(/needs "Contents: write" and "Pull requests: write"/)
  })

  it('a repository without drafts', async () => {
    github.drafts = false
    expect(await failure({})).toMatch(/Draft pull requests are not supported/)
    expect(await publish([item('posts', CHANGE)], { draft: false })).toEqual(['opened'])
  })

  it('a used-up rate limit', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225600' }
    github.fault = () => ({ kind: 'status', status: 403, headers })
    expect(await failure({})).toMatch(/rate limit is used up until 2026-01-01T00:00:00/)
  })

  it('a short pause that GitHub asks for is taken', async () => {
    let asked = 0
    github.fault = (_method, path) =>
      path.endsWith('/git/blobs') && ++asked === 1
        ? { kind: 'status', status: 429, headers: { 'retry-after': '0' } }
        : undefined
    expect(await publish([item('posts', CHANGE)])).toEqual(['opened'])
  })

  it('a server that fails now and then', async () => {
    let asked = 0
    github.fault = method => (method === 'GET' && ++asked === 2 ? { kind: 'status', status: 502 } : undefined)
    expect(await publish([item('posts', CHANGE)])).toEqual(['opened'])
  })
})
