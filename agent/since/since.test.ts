import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheOrigin, headCommit, openGit } from './git.ts'
import { resolveSince, whichChanged } from './since.ts'

let base: string
let root: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'since-'))
  root = join(base, 'repository')
  mkdirSync(root)
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'test')
  git('config', 'user.email', 'test@example.com')
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

function commit(message: string): void {
  git('add', '--all')
  git('commit', '--quiet', '--message', message)
}

async function changed(ref: string, ...places: [file: string, line: number][]): Promise<boolean[]> {
  const since = await resolveSince(root, ref)
  const locations = places.map(([file, line]) => [{ file, line }])
  return whichChanged(root, since.git, since.commit, locations)
}

const TWO_FUNCTIONS = 'export function a() {\n  guard()\n  load()\n}\n\nexport function b() {\n  load()\n}\n'

describe('whichChanged', () => {
  it('knows the declarations that changed, committed or not', async () => {
    write('src/[id]/page.tsx', TWO_FUNCTIONS)
    write('same.ts', TWO_FUNCTIONS)
    commit('first')
    write('src/[id]/page.tsx', TWO_FUNCTIONS.replace('function b() {\n  load()', 'function b() {\n  loadAll()'))
    write('new.ts', 'load()\n')
    expect(
      await changed('HEAD', ['src/[id]/page.tsx', 1], ['src/[id]/page.tsx', 6], ['same.ts', 1], ['new.ts', 1]),
    ).toEqual([false, true, false, true])
  })

  it('counts a line that was taken out of a function', async () => {
    write('a.ts', TWO_FUNCTIONS)
    commit('first')
    write('a.ts', TWO_FUNCTIONS.replace('  guard()\n', ''))
    expect(await changed('main', ['a.ts', 1], ['a.ts', 5])).toEqual([true, false])
  })

  it('looks at statements in SQL', async () => {
    write('m.sql', 'create table a (\n  id int\n);\ncreate table b (\n  id int\n);\n')
    commit('first')
    write('m.sql', 'create table a (\n  id int\n);\ncreate table b (\n  id bigint\n);\n')
    expect(await changed('HEAD', ['m.sql', 1], ['m.sql', 4])).toEqual([false, true])
  })

  it('compares with the point where the branch began', async () => {
    write('a.ts', TWO_FUNCTIONS)
    write('b.ts', TWO_FUNCTIONS)
    commit('first')
    git('checkout', '--quiet', '-b', 'feature')
    write('a.ts', TWO_FUNCTIONS.replace('load', 'fetchAll'))
    commit('on the branch')
    git('checkout', '--quiet', 'main')
    write('b.ts', TWO_FUNCTIONS.replace('load', 'fetchAll'))
    commit('on main')
    git('checkout', '--quiet', 'feature')
    expect(await changed('main', ['a.ts', 1], ['b.ts', 1])).toEqual([true, false])
  })

  it('works in a folder of the repository', async () => {
    write('apps/web/(shop)/a.ts', TWO_FUNCTIONS)
    write('a.ts', TWO_FUNCTIONS)
    commit('first')
    write('apps/web/(shop)/a.ts', TWO_FUNCTIONS.replace('guard', 'check'))
    root = join(root, 'apps/web')
    expect(await changed('HEAD', ['(shop)/a.ts', 1], ['(shop)/a.ts', 6])).toEqual([true, false])
  })

  it('does not mind other line endings', async () => {
    write('a.ts', TWO_FUNCTIONS)
    commit('first')
    write('a.ts', TWO_FUNCTIONS.replaceAll('\n', '\r\n'))
    expect(await changed('HEAD', ['a.ts', 1])).toEqual([false])
  })

  it('runs nothing that the repository configures', async () => {
    const ran = join(base, 'ran')
    const evil = join(base, 'evil.sh')
    writeFileSync(evil, `#!/bin/sh\ntouch '${ran}'\ncat\n`)
    chmodSync(evil, 0o755)
    write('.gitattributes', '*.ts filter=evil diff=evil\n')
    write('a.ts', TWO_FUNCTIONS)
    commit('first')
    appendFileSync(
      join(root, '.git/config'),
      [
        `[core]\n\tfsmonitor = ${evil}\n\thooksPath = ${base}\n\tpager = ${evil}\n\tsshCommand = ${evil}`,
        `[filter "evil"]\n\tclean = ${evil}\n\tsmudge = ${evil}\n\tprocess = ${evil}`,
        `[diff]\n\texternal = ${evil}\n[diff "evil"]\n\tcommand = ${evil}\n\ttextconv = ${evil}`,
        `[remote "origin"]\n\turl = ext::${evil}\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n`,
      ].join('\n'),
    )
    write('a.ts', TWO_FUNCTIONS.replace('guard', 'check'))
    expect(await changed('HEAD', ['a.ts', 1])).toEqual([true])
    await expect(resolveSince(root, '1234567890123456789012345678901234567890')).rejects.toThrow(/git knows no commit/)
    expect(existsSync(ran)).toBe(false)
  })
})

describe('resolveSince', () => {
  it.each([
    ['nowhere', /^--since: git knows no commit, branch or tag "nowhere" here/],
    ['--output=x', /^--since: "--output=x" is not a commit, branch or tag$/],
    ['', /^--since: "" is not a commit/],
  ])('refuses %j', async (ref, message) => {
    write('a.ts', '')
    commit('first')
    await expect(resolveSince(root, ref)).rejects.toThrow(message)
  })

  it('says when there is no repository', async () => {
    await expect(resolveSince(base, 'HEAD')).rejects.toThrow(/^--since: the folder is not in a git repository/)
  })
})

describe('the checkout', () => {
  it('names its commit, and none where there is none', async () => {
    write('a.ts', '')
    commit('first')
    expect(await headCommit(await openGit(root))).toBe(git('rev-parse', 'HEAD').trim())
    expect(await headCommit(await openGit(base))).toBeNull()
  })

  it('notices a cache that was committed', async () => {
    write('a.ts', '')
    commit('first')
    expect(await cacheOrigin(await openGit(root))).toBe('ours')
    write('.scalability/cache/facts.json', '{}')
    commit('second')
    expect(await cacheOrigin(await openGit(root))).toBe('committed')
  })

  it('trusts a cache where nothing can have been committed, and none where git refuses to say', async () => {
    expect(await cacheOrigin(await openGit(base))).toBe('ours')
    git('init', '-q')
    expect(await cacheOrigin(await openGit(root))).toBe('ours')
    const refused = { run: () => Promise.reject(new Error("fatal: detected dubious ownership in repository at '/x'")) }
    expect(await cacheOrigin(refused)).toBe('unsafe')
  })
})
