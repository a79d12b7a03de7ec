import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agent, type Result, type Sandbox, sandbox } from './testing/cli.ts'

const LIST = 'lib/posts.ts'
const PAGE = 'app/page.tsx'

/** One list without a limit, in a file with Windows line endings and tabs. */
const FILES: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'blog',
    dependencies: { next: '16.1.2', '@supabase/supabase-js': '^2.90.0' },
  }),
  'app/layout.tsx': 'export default function Layout({ children }) {\n  return children\n}\n',
  [PAGE]:
    "import { listPosts } from '../lib/posts'\n\nexport const revalidate = 60\n\nexport default async function Page() {\n  const posts = await listPosts()\n  return <ul>{posts.map(post => <li key={post.id}>{post.title}</li>)}</ul>\n}\n",
  [LIST]: [
    'import { createClient } from "@supabase/supabase-js";',
    '',
    'export async function listPosts() {',
    '\tconst supabase = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_ANON_KEY!);',
    '\tconst { data } = await supabase',
    '\t\t.from("posts")',
    '\t\t.select("id, title")',
    '\t\t.order("title");',
    '\treturn data ?? [];',
    '}',
    '',
  ].join('\r\n'),
}

let blog: Sandbox

beforeEach(() => {
  blog = sandbox()
  for (const [file, text] of Object.entries(FILES)) blog.write(file, text)
})

afterEach(() => blog.remove())

function commit(): void {
  blog.git('init', '-q', '-b', 'main')
  // Whatever this machine has configured: the bytes of the fixture are committed as they are.
  blog.git('config', 'core.autocrlf', 'false')
  blog.git('config', 'user.name', 'Maintainer')
  blog.git('config', 'user.email', 'maintainer@example.com')
  blog.git('add', '.')
  blog.git('commit', '-q', '-m', 'app')
}

function build(...args: string[]): Promise<Result> {
  return agent(['build', blog.root, '--quiet', '--no-shadow', ...args])
}

function branches(): string[] {
  const listing = blog.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/scalability')
  return listing.split('\n').filter(Boolean)
}

function branch(): string {
  const [only, ...others] = branches()
  expect(others).toEqual([])
  return only ?? 'none'
}

describe('agent build', () => {
  it('commits a change to a branch of its own, and touches nothing else', async () => {
    commit()
    blog.write('notes.txt', 'mine')
    blog.git('add', 'notes.txt')
    blog.write(PAGE, FILES[PAGE]!.replace('60', '120'))
    blog.git('stash', 'push', '-q', PAGE)
    blog.write(PAGE, FILES[PAGE]!.replace('60', '90'))
    const before = state()
    const { code, stdout, stderr } = await build()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Note: uncommitted work is not included \(app\/page\.tsx, notes\.txt\)/)
    expect(stdout).toMatch(/built +Read at most 200 rows of posts in listPosts\(\)/)
    expect(state()).toEqual(before)
    expect(blog.git('diff', '--name-only', 'main', branch())).toBe(`${LIST}\n`)
    expect(blog.git('log', '-1', '--format=%an %s', branch())).toBe(
      'Maintainer Read at most 200 rows of posts in listPosts()\n',
    )
  })

  /** Everything that is the user's: HEAD, index, work tree, stashes, branches but ours, worktrees. */
  function state(): string[] {
    return [
      blog.git('symbolic-ref', 'HEAD'),
      blog.git('ls-files', '-s'),
      blog.git('stash', 'list'),
      blog.git('for-each-ref', 'refs/heads/main', 'refs/tags', 'refs/stash'),
      blog.git('worktree', 'list'),
      blog.read(PAGE),
      blog.read('notes.txt'),
    ]
  }

  it('leaves what it does not edit byte for byte: line endings, tabs, quotes', async () => {
    commit()
    await build()
    const expected = FILES[LIST]!.replace('\t\t.order("title");', '\t\t.order("title")\r\n\t\t.limit(200);')
    expect(blog.git('show', `${branch()}:${LIST}`)).toBe(expected)
  })

  it('changes nothing when it runs again', async () => {
    commit()
    await build()
    const first = blog.git('rev-parse', branch())
    const { stdout } = await build()
    expect(stdout).toMatch(/^unchanged /)
    expect(blog.git('rev-parse', branch())).toBe(first)
  })

  it('keeps a record and a text for a pull request', async () => {
    commit()
    const { stdout } = await build('--json')
    const [record] = (JSON.parse(stdout) as { records: { outcome: string; change: { key: string } }[] }).records
    expect(record?.outcome).toBe('built')
    const names = readdirSync(join(blog.root, '.scalability/changes')).sort()
    expect(names).toEqual([`${record?.change.key}.json`, `${record?.change.key}.md`])
    expect(blog.git('status', '--porcelain')).toBe('')
  })

  it('runs no hook, filter or monitor of the repository', async () => {
    blog.write('.gitattributes', '* filter=evil\n')
    commit()
    const marker = join(blog.root, '.git', 'ran')
    for (const driver of ['smudge', 'clean']) blog.git('config', `filter.evil.${driver}`, `touch '${marker}'; cat`)
    blog.git('config', 'core.fsmonitor', `touch '${marker}'`)
    blog.git('config', 'commit.gpgSign', 'true')
    blog.git('config', 'gpg.program', `touch '${marker}'`)
    for (const hook of ['post-checkout', 'reference-transaction', 'pre-commit', 'post-commit', 'post-index-change']) {
      const file = join(blog.root, '.git/hooks', hook)
      writeFileSync(file, `#!/bin/sh\ntouch '${marker}'\n`)
      chmodSync(file, 0o755)
    }
    rmSync(marker, { force: true })
    const { code } = await build()
    expect({ code, built: branches().length, ran: existsSync(marker) }).toEqual({ code: 0, built: 1, ran: false })
  })

  it('takes away the worktree that a killed run left behind, and no other', async () => {
    commit()
    const name = 'scalability-999999999-0123abcd'
    const around = mkdtempSync(join(tmpdir(), `${name}.`))
    const users = mkdtempSync(join(tmpdir(), 'users-'))
    blog.git('worktree', 'add', '-q', '--detach', join(around, name))
    blog.git('worktree', 'add', '-q', '--detach', join(users, 'mine'))
    await build()
    const listing = blog.git('worktree', 'list')
    expect({ left: listing.includes(name), folder: existsSync(around), mine: listing.includes('mine') }).toEqual({
      left: false,
      folder: false,
      mine: true,
    })
    rmSync(users, { recursive: true, force: true })
  })

  it('leaves nothing behind when it is interrupted', async () => {
    commit()
    const before = blog.git('worktree', 'list')
    const { code } = await agent(['build', blog.root, '--no-shadow'], {
      onStderr: text => (text.includes('Reading the code') ? 'SIGINT' : undefined),
    })
    expect(code).toBe(130)
    expect(blog.git('worktree', 'list')).toBe(before)
    expect(branches()).toEqual([])
  })
})

describe('a branch that is not as it was left', () => {
  it('with a commit of somebody else is left alone', async () => {
    commit()
    await build()
    const own = branch()
    const tree = blog.git('rev-parse', `${own}^{tree}`).trim()
    const theirs = blog.git('commit-tree', tree, '-p', own, '-m', 'a better limit').trim()
    blog.git('update-ref', `refs/heads/${own}`, theirs)
    const { code, stdout } = await build()
    expect(code).toBe(0)
    expect(stdout).toMatch(/foreign-commits .*commits that this tool did not make/s)
    expect(blog.git('rev-parse', own).trim()).toBe(theirs)
  })

  it('is made anew when the base has moved and the commit is still ours', async () => {
    commit()
    await build()
    blog.write('README.md', 'blog')
    blog.git('add', 'README.md')
    blog.git('commit', '-q', '-m', 'readme')
    const { stdout } = await build()
    expect(stdout).toMatch(/^built /)
    expect(blog.git('rev-parse', `${branch()}^`)).toBe(blog.git('rev-parse', 'main'))
  })

  it('is not moved while it is checked out', async () => {
    commit()
    await build()
    const own = branch()
    blog.write('README.md', 'blog')
    blog.git('add', 'README.md')
    blog.git('commit', '-q', '-m', 'readme')
    const users = mkdtempSync(join(tmpdir(), 'users-'))
    blog.git('worktree', 'add', '-q', join(users, 'review'), own)
    const { code, stdout } = await build()
    expect(code).toBe(2)
    expect(stdout).toMatch(/failed .*checked out/s)
    rmSync(users, { recursive: true, force: true })
  })
})

describe('what cannot be built', () => {
  /** One line on stderr, exit code 2, nothing on stdout. */
  async function refusal(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await build(...args)
    expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 })
    return stderr
  }

  it('outside of a repository', async () => {
    expect(await refusal()).toMatch(/not in a git repository/)
  })

  it('without a commit', async () => {
    blog.git('init', '-q')
    expect(await refusal()).toMatch(/has no commit yet/)
  })

  it('in a folder that is not committed', async () => {
    commit()
    for (const [file, text] of Object.entries(FILES)) blog.write(`new/${file}`, text)
    const { code, stderr } = await agent(['build', join(blog.root, 'new'), '--quiet', '--no-shadow'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^agent: this folder is not in the last commit.*\n$/),
    })
  })

  it('without a name for the author', async () => {
    commit()
    blog.git('config', '--unset', 'user.name')
    const home = mkdtempSync(join(tmpdir(), 'home-'))
    const env = { HOME: home, XDG_CONFIG_HOME: home, GIT_AUTHOR_NAME: '', GIT_AUTHOR_EMAIL: '' }
    const { code, stderr } = await agent(['build', blog.root, '--quiet', '--no-shadow'], { env })
    rmSync(home, { recursive: true, force: true })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^agent: git knows no name.*\n$/) })
  })

  it('with an item that there is not', async () => {
    commit()
    expect(await refusal('--item', 'database/unbounded-query:comments')).toMatch(/there is no open finding or change/)
  })

  it('where records cannot be written', async () => {
    blog.write('.scalability', 'a file')
    commit()
    expect(await refusal()).toMatch(/\.scalability/)
  })

  it('where git cannot write the branch: the others go on, and it says so', async () => {
    commit()
    mkdirSync(join(blog.root, '.git/refs/heads'), { recursive: true })
    writeFileSync(join(blog.root, '.git/refs/heads/scalability'), blog.git('rev-parse', 'main'))
    const { code, stdout } = await build()
    expect(code).toBe(2)
    expect(stdout).toMatch(/failed .*git: /s)
  })
})

describe('unusual checkouts', () => {
  it('HEAD is detached', async () => {
    commit()
    blog.git('checkout', '-q', '--detach')
    const { code, stdout } = await build()
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Note: HEAD is detached; the branches stand on [0-9a-f]{9}\.\n/)
    expect(branches()).toHaveLength(1)
  })

  it('a shallow clone', async () => {
    commit()
    blog.git('commit', '-q', '--allow-empty', '-m', 'second')
    const clone = mkdtempSync(join(tmpdir(), 'clone-'))
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${blog.root}`, clone])
    const env = { GIT_AUTHOR_NAME: 'Maintainer', GIT_AUTHOR_EMAIL: 'maintainer@example.com' }
    const { code, stdout } = await agent(['build', clone, '--quiet', '--no-shadow'], { env })
    rmSync(clone, { recursive: true, force: true })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Note: this is a shallow clone.*built /s),
    })
  })

  it('an app in a folder of the repository', async () => {
    for (const [file, text] of Object.entries(FILES)) {
      blog.write(`apps/web/${file}`, text)
      rmSync(join(blog.root, file))
    }
    commit()
    const { code } = await agent(['build', join(blog.root, 'apps/web'), '--quiet', '--no-shadow'])
    expect(code).toBe(0)
    expect(blog.git('diff', '--name-only', 'main', branch())).toBe(`apps/web/${LIST}\n`)
  })
})

describe('help', () => {
  it.each(['build', 'plan', 'document'])('%s', async command => {
    const { code, stdout } = await agent([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/Examples:.*Exit codes:/s)
  })
})
