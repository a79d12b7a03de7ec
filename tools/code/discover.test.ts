import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorkspace } from './discover.ts'
import { appFiles, temporaryRepository } from './temporary-repository.ts'

describe('apps of a checkout', () => {
  it('finds the app at the root', () => {
    const [app] = openWorkspace(temporaryRepository(appFiles())).apps
    expect(app).toMatchObject({ root: '.', appDir: 'app', next: '16.1.2' })
  })

  it('finds every app of a monorepo, in order of their folders', () => {
    const root = temporaryRepository({
      'package.json': '{"workspaces":["apps/*"]}',
      ...appFiles('15.0.0', 'apps/web/'),
      ...appFiles('14.2.35', 'frontend/apps/admin/'),
    })
    expect(openWorkspace(root).apps.map(app => app.root)).toEqual(['apps/web', 'frontend/apps/admin'])
  })

  it('prefers app/ to src/app/, as Next does', () => {
    const root = temporaryRepository({ ...appFiles(), 'src/app/page.tsx': '' })
    expect(openWorkspace(root).apps[0]!.appDir).toBe('app')
  })

  it('takes a folder with next.config for an app where the package.json lies above it', () => {
    const root = temporaryRepository({
      'package.json': '{"dependencies":{"next":"15.1.0"}}',
      'apps/web/next.config.js': 'module.exports = {}',
      'apps/web/app/page.tsx': '',
    })
    expect(openWorkspace(root).apps[0]).toMatchObject({ root: 'apps/web', next: '15.1.0' })
  })

  it('leaves out apps that are test data, unless there are no others', () => {
    const fixture = appFiles('16.0.0', 'packages/cli/fixtures/basic/')
    expect(openWorkspace(temporaryRepository({ ...appFiles(), ...fixture })).apps).toHaveLength(1)
    expect(openWorkspace(temporaryRepository(fixture)).apps).toHaveLength(1)
  })
})

describe('middleware', () => {
  const source = { 'package.json': '{"dependencies":{"next":"15.1.0"}}', 'src/app/page.tsx': '' }

  it('is not picked up at the root when the app lives in src/', () => {
    const root = temporaryRepository({ ...source, 'middleware.ts': '' })
    expect(openWorkspace(root).apps[0]!.middleware).toBeUndefined()
  })

  it('is picked up beside the app folder', () => {
    const root = temporaryRepository({ ...source, 'src/middleware.ts': '' })
    expect(openWorkspace(root).apps[0]!.middleware).toBe('src/middleware.ts')
  })

  it('is proxy.ts from Next 16 on', () => {
    const proxy = { 'proxy.ts': '' }
    expect(openWorkspace(temporaryRepository({ ...appFiles('16.0.0'), ...proxy })).apps[0]!.middleware).toBe('proxy.ts')
    expect(openWorkspace(temporaryRepository({ ...appFiles('15.5.0'), ...proxy })).apps[0]!.middleware).toBeUndefined()
  })
})

describe('input that is no Next.js app', () => {
  it.each([
    ['no package.json', { 'readme.md': 'x' }, /has no package.json/],
    ['another framework', { 'package.json': '{"dependencies":{"vite":"8.0.0"}}' }, /holds no Next.js app/],
    [
      'the Pages Router',
      { 'package.json': '{"dependencies":{"next":"15.0.0"}}', 'pages/index.tsx': '' },
      /uses the Pages Router only/,
    ],
    ['no pages at all', { 'package.json': '{"dependencies":{"next":"15.0.0"}}' }, /no app\/ or src\/app\/ folder/],
    ['an empty folder', {}, /holds no files/],
  ])('%s: one line that says what to do', (_name, files, message) => {
    expect(() => openWorkspace(temporaryRepository(files as Record<string, string>))).toThrow(message)
  })

  it('a file, or nothing', () => {
    const root = temporaryRepository(appFiles())
    expect(() => openWorkspace(path.join(root, 'package.json'))).toThrow(/is not a folder/)
    expect(() => openWorkspace(path.join(root, 'missing'))).toThrow(/does not exist/)
  })

  it('a broken package.json is a problem and not the end', () => {
    const root = temporaryRepository({ ...appFiles(), 'packages/ui/package.json': '{' })
    expect(openWorkspace(root).problems).toContainEqual({
      message: 'is not valid JSON, ignored',
      file: 'packages/ui/package.json',
    })
  })
})

describe('files', () => {
  it('leaves out what git ignores, tests, stories, declarations and build output', () => {
    const root = temporaryRepository({
      ...appFiles(),
      '.gitignore': 'generated/\n*.local.ts\n!keep.local.ts\n',
      'generated/client.ts': '',
      'lib/a.local.ts': '',
      'lib/keep.local.ts': '',
      'lib/a.test.ts': '',
      'lib/__tests__/b.ts': '',
      'e2e/login.ts': '',
      'components/button.stories.tsx': '',
      'types.d.ts': '',
      'dist/app.js': '',
      '.next/server.js': '',
      'node_modules/x/index.js': '',
      '.claude/worktrees/a/app/page.tsx': '',
    })
    expect([...openWorkspace(root).files.keys()].sort()).toEqual([
      'app/layout.tsx',
      'app/page.tsx',
      'lib/keep.local.ts',
    ])
  })

  it('keeps features that are called build, out, e2e or test', () => {
    const names = ['app/build/page.tsx', 'app/api/test/route.ts', 'app/e2e/page.tsx', 'src/features/out/a.ts']
    const root = temporaryRepository({ ...appFiles(), ...Object.fromEntries(names.map(name => [name, ''])) })
    expect([...openWorkspace(root).files.keys()]).toEqual(expect.arrayContaining(names))
  })

  it('keeps what git tracks in spite of .gitignore', () => {
    const root = temporaryRepository({
      ...appFiles(),
      '.gitignore': 'lib/\n',
      'src/lib/db.ts': '',
      '.git/index': 'DIRC…\0\x0dsrc/lib/db.ts\0',
    })
    expect(openWorkspace(root).files.has('src/lib/db.ts')).toBe(true)
  })

  it('honours patterns of the caller', () => {
    const root = temporaryRepository({ ...appFiles(), 'scripts/seed.ts': '', 'lib/a.ts': '' })
    expect(openWorkspace(root, { exclude: ['scripts/**'] }).files.has('scripts/seed.ts')).toBe(false)
  })

  it('lists SQL, Prisma, platform configuration and generated database types apart', () => {
    const types = 'export type Database = {\n  public: {\n    Tables: {\n'
    const root = temporaryRepository({
      ...appFiles(),
      'supabase/migrations/1_init.sql': '',
      'supabase/config.toml': '',
      'prisma/schema.prisma': '',
      'vercel.json': '{}',
      'lib/database.types.ts': types,
      'lib/database.ts': 'export const db = 1',
    })
    expect(openWorkspace(root).others).toEqual([
      'lib/database.types.ts',
      'prisma/schema.prisma',
      'supabase/config.toml',
      'supabase/migrations/1_init.sql',
      'vercel.json',
    ])
  })

  it('skips generated and minified files with a problem', () => {
    const root = temporaryRepository({
      ...appFiles(),
      'lib/generated.ts': 'export const a = 1\n'.repeat(300_000),
      'public/bundle.js': `var a=${'1+'.repeat(20_000)}1`,
    })
    const { files, problems } = openWorkspace(root)
    expect(files.has('lib/generated.ts') || files.has('public/bundle.js')).toBe(false)
    expect(problems).toEqual([
      { message: 'skipped: 5.4 MB, looks generated', file: 'lib/generated.ts' },
      { message: 'skipped: 39 kB almost without line breaks, looks minified', file: 'public/bundle.js' },
    ])
  })

  it('decodes UTF-16 and leaves byte order marks out', () => {
    const text = 'export const a = "ä"\n'
    const root = temporaryRepository({
      ...appFiles(),
      'le.ts': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
      'be.ts': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]),
      'utf8.ts': `\ufeff${text}`,
    })
    const workspace = openWorkspace(root)
    expect(['le.ts', 'be.ts', 'utf8.ts'].map(file => workspace.read(file))).toEqual([text, text, text])
  })

  it('reports binary and missing files when they are read', () => {
    const root = temporaryRepository({ ...appFiles(), 'a.ts': 'a\0b' })
    const workspace = openWorkspace(root)
    expect(workspace.read('a.ts')).toBeUndefined()
    workspace.read('missing.ts')
    expect(workspace.problems).toEqual([
      { message: 'skipped: holds NUL bytes, not a text file', file: 'a.ts' },
      { message: 'could not be read: ENOENT', file: 'missing.ts' },
    ])
  })

  it('does not follow links out of the folder, nor loops', () => {
    const outside = temporaryRepository({ 'secret.ts': '' })
    const root = temporaryRepository(appFiles())
    symlinkSync(outside, path.join(root, 'outside'), 'junction')
    symlinkSync(root, path.join(root, 'app', 'loop'), 'junction')
    const { files, problems } = openWorkspace(root)
    expect([...files.keys()]).toEqual(['app/layout.tsx', 'app/page.tsx'])
    expect(problems).toEqual([
      { message: 'symbolic link leads out of the audited folder, not followed', file: 'outside' },
    ])
  })
})
