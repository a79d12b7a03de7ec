import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agent } from '../testing/cli.ts'
import { ACTIONS, SHOP } from './cases/shop.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-command-'))
  for (const [path, text] of Object.entries(SHOP)) write(`base/${path}`, text)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

const change = (files: Record<string, string | null>) => write('change.json', JSON.stringify({ files }))
const gate = (file: string, ...more: string[]) =>
  agent(['gate', '--base', join(folder, 'base'), '--change', file, ...more])

const INDEX = { 'supabase/migrations/20240601000000_index.sql': 'create index on public.orders (user_id);\n' }
const OPEN = {
  'supabase/migrations/20240601000000_open.sql': 'alter table public.orders disable row level security;\n',
}

describe('agent gate', () => {
  it('accepts with 0', async () => {
    expect(await gate(change(INDEX))).toMatchObject({ code: 0, stdout: 'accepted\n', stderr: '' })
  })

  it('rejects with 1, and says what it saw where', async () => {
    const { code, stdout } = await gate(change(OPEN))
    expect(code).toBe(1)
    expect(stdout).toBe(
      'rejected\n' +
        '  rls-disabled: table public.orders (supabase/migrations/20240601000000_open.sql:1)\n' +
        '    row level security enabled → disabled\n',
    )
  })

  it('ends with 2 when it cannot judge', async () => {
    const { code, stdout } = await gate(change({ 'supabase/migrations/20240601000000_x.sql': 'create index on (;\n' }))
    expect(code).toBe(2)
    expect(stdout).toMatch(/^could not be judged\n {2}unparsable: /)
  })

  it('prints only JSON with --json', async () => {
    const { code, stdout } = await gate(change(OPEN), '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ decision: 'reject', reasons: [{ rule: 'rls-disabled', line: 1 }] })
  })

  it('takes a patch', async () => {
    const lines = ACTIONS.split('\n')
    const at = lines.findIndex(text => text.includes('if (!user)'))
    const context = (from: number, to: number) => lines.slice(from, to).map(text => ` ${text}\n`)
    const hunk = [...context(at - 3, at), `-${lines[at]}\n`, ...context(at + 1, at + 4)].join('')
    const patch = `--- a/app/actions.ts\n+++ b/app/actions.ts\n@@ -${at - 2},7 +${at - 2},6 @@\n${hunk}`
    const { code, stdout } = await gate(write('change.patch', patch), '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).reasons.map(({ rule }: { rule: string }) => rule)).toContain('auth-check-lost')
  })

  it('refuses links and paths that lead out before a patch is applied', async () => {
    const patch =
      'diff --git a/lib/x b/lib/x\nnew file mode 120000\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+/etc/passwd\n'
    const { code, stdout } = await gate(write('change.patch', patch), '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).reasons).toHaveLength(2)
  })

  it('judges without PostgreSQL, more strictly', async () => {
    expect((await gate(change(INDEX), '--no-database')).code).toBe(0)
    const wrapped = {
      'supabase/migrations/20240601000000_wrap.sql':
        'alter policy "own orders" on public.orders using (user_id = (select auth.uid()));\n',
    }
    expect((await gate(change(wrapped), '--no-database')).code).toBe(2)
    expect((await gate(change(wrapped))).code).toBe(0)
  })
})

describe('agent gate --batch', () => {
  it('judges a folder of cases, and a broken case costs only itself', async () => {
    for (const [id, files] of [
      ['a', INDEX],
      ['b', OPEN],
    ] as const) {
      write(`cases/${id}/change.json`, JSON.stringify({ files }))
      write(
        `cases/${id}/base/supabase/migrations/20240101000000_init.sql`,
        SHOP['supabase/migrations/20240101000000_init.sql']!,
      )
    }
    write('cases/c/change.json', '{')
    const { code, stdout } = await agent(['gate', '--batch', join(folder, 'cases'), '--json'])
    const { cases, summary } = JSON.parse(stdout)
    expect(cases.map(({ id, decision }: { id: string; decision: string }) => [id, decision])).toEqual([
      ['a', 'accept'],
      ['b', 'reject'],
      ['c', 'undecided'],
    ])
    expect({ code, summary }).toEqual({ code: 1, summary: { accept: 1, reject: 1, undecided: 1 } })
  })

  it('judges lines of JSON', async () => {
    const lines = [
      { id: 'folder', base: 'base', change: { files: INDEX } },
      {
        id: 'files',
        base: { 'app/page.tsx': 'export default function Page() { return null }\n' },
        change: { files: { '.env': 'A=1\n' } },
      },
    ]
    const file = write('cases.jsonl', lines.map(line => JSON.stringify(line)).join('\n'))
    const { code, stdout } = await agent(['gate', '--batch', file])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^folder: accepted\nfiles: rejected\n {2}protected-path: \.env/)
    expect(stdout).toMatch(/2 cases: 1 accepted, 1 rejected, 0 could not be judged\n$/)
  })
})

describe('mistakes', () => {
  it.each([
    [['gate'], /^agent: give --base <folder> and --change <file>, or --batch/],
    [['gate', '--base', 'nowhere', '--change', 'x'], /^agent: nowhere: there is no such folder/],
    [['gate', '--batch', 'nowhere'], /^agent: nowhere: there is no such folder or file/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await agent(args, { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    ['not JSON', '{', /is not JSON/],
    ['no files', '{}', /has no "files"/],
    ['content of a wrong kind', '{"files":{"a.ts":1}}', /neither text nor null/],
    ['neither', 'hello', /neither JSON with "files" nor a patch/],
    [
      'a patch for another file',
      '--- a/app/actions.ts\n+++ b/app/actions.ts\n@@ -1,1 +1,1 @@\n-nothing of the kind\n+x\n',
      /does not apply/,
    ],
  ])('%s', async (_name, text, message) => {
    const { code, stderr } = await gate(write('change.json', text))
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
