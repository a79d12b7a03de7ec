import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorkspace } from './discover.ts'
import { appFiles, temporaryRepository } from './temporary-repository.ts'
import type { Resolution, Workspace } from './workspace.ts'

function open(files: Record<string, string>): Workspace {
  return openWorkspace(temporaryRepository({ ...appFiles(), ...files }))
}

/** Empty files of these names. */
function empty(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, '']))
}

function show(resolution: Resolution): string {
  if (resolution.kind === 'file') return resolution.path
  return resolution.kind === 'package' ? `package ${resolution.name} ${resolution.subpath}`.trim() : resolution.kind
}

describe('relative specifiers', () => {
  const workspace = () =>
    open(
      empty(
        'lib/a.ts',
        'lib/both.ts',
        'lib/both.tsx',
        'lib/folder/index.ts',
        'lib/module.mts',
        'lib/data.json',
        'lib/card.module.css',
        'lib/types.d.ts',
        'lib/dotted.server.ts',
      ),
    )

  it.each([
    ['./a', 'lib/a.ts'],
    ['./a.ts', 'lib/a.ts'],
    ['./a.js', 'lib/a.ts'],
    ['./module.mjs', 'lib/module.mts'],
    ['./both', 'lib/both.ts'],
    ['./folder', 'lib/folder/index.ts'],
    ['./folder/', 'lib/folder/index.ts'],
    ['./dotted.server', 'lib/dotted.server.ts'],
    ['../app/page', 'app/page.tsx'],
    ['./data.json', 'asset'],
    ['./card.module.css', 'asset'],
    ['./missing.svg', 'asset'],
    ['./a?raw', 'lib/a.ts'],
    ['./types', 'asset'],
    ['./missing', 'unresolved'],
    ['../../outside', 'unresolved'],
    ['/etc/passwd', 'unresolved'],
  ])('%s → %s', (specifier, expected) => {
    expect(show(workspace().resolve('lib/from.ts', specifier))).toBe(expected)
  })
})

describe('packages', () => {
  it.each([
    ['react', 'package react'],
    ['next/headers', 'package next headers'],
    ['@supabase/ssr', 'package @supabase/ssr'],
    ['@ai-sdk/openai/internal', 'package @ai-sdk/openai internal'],
    ['node:fs/promises', 'package node:fs/promises'],
    ['fs', 'package fs'],
    ['npm:zod@3.22.0', 'package zod'],
    ['npm:@supabase/supabase-js@2/cors', 'package @supabase/supabase-js cors'],
    ['https://deno.land/std/http.ts', 'unresolved'],
    ['highlight.js/styles/github.css', 'asset'],
    ['@/missing', 'unresolved'],
  ])('%s → %s', (specifier, expected) => {
    expect(show(open({}).resolve('app/page.tsx', specifier))).toBe(expected)
  })
})

describe('paths of tsconfig.json', () => {
  it('choose exact names, then the longest prefix, then the first target that exists', () => {
    const tsconfig = `{
      // comments and trailing commas are allowed
      "compilerOptions": { "paths": {
        "@/*": ["./missing/*", "./src/*"],
        "@/lib/*": ["./library/*"],
        "@/lib/db": ["./database.ts"],
      } },
    }`
    const workspace = open({
      'tsconfig.json': tsconfig,
      ...empty('src/a.ts', 'src/lib/b.ts', 'library/b.ts', 'database.ts'),
    })
    const resolved = ['@/a', '@/lib/b', '@/lib/db'].map(specifier => show(workspace.resolve('app/page.tsx', specifier)))
    expect(resolved).toEqual(['src/a.ts', 'library/b.ts', 'database.ts'])
  })

  it('are relative to baseUrl, which also finds bare names', () => {
    const workspace = open({
      'jsconfig.json': '{"compilerOptions":{"baseUrl":"src","paths":{"~/*":["lib/*"]}}}',
      ...empty('src/lib/a.ts', 'src/components/card.tsx'),
    })
    expect(show(workspace.resolve('app/page.tsx', '~/a'))).toBe('src/lib/a.ts')
    expect(show(workspace.resolve('app/page.tsx', 'components/card'))).toBe('src/components/card.tsx')
    expect(show(workspace.resolve('app/page.tsx', 'react'))).toBe('package react')
  })

  it('are inherited, relative to the file that defines them, also from a workspace package', () => {
    const root = temporaryRepository({
      'package.json': '{"workspaces":["apps/*","packages/*"]}',
      'packages/config/package.json': '{"name":"@acme/config"}',
      'packages/config/next.json': '{"compilerOptions":{"paths":{"@shared/*":["../shared/*"]}}}',
      'base.json': '{"compilerOptions":{"paths":{"#/*":["./common/*"]}}}',
      ...appFiles('16.0.0', 'apps/web/'),
      'apps/web/tsconfig.json': '{"extends":["../../base.json","@acme/config/next"]}',
      ...empty('packages/shared/a.ts', 'common/b.ts'),
    })
    const workspace = openWorkspace(root)
    expect(show(workspace.resolve('apps/web/app/page.tsx', '@shared/a'))).toBe('packages/shared/a.ts')
  })

  it('of the app hold for the packages that it bundles', () => {
    const root = temporaryRepository({
      ...appFiles('16.0.0', 'apps/web/'),
      'apps/web/tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./*"]}}}',
      ...empty('packages/ui/card.tsx', 'apps/web/lib/cn.ts'),
    })
    expect(show(openWorkspace(root).resolve('packages/ui/card.tsx', '@/lib/cn'))).toBe('apps/web/lib/cn.ts')
  })
})

describe('hostile configuration', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['extends outside the repository', { 'tsconfig.json': '{"extends":"../../../etc/tsconfig.json"}' }, /leads out/],
    ['extends an absolute path', { 'tsconfig.json': '{"extends":"/etc/passwd"}' }, /leads out/],
    [
      'a cycle',
      { 'tsconfig.json': '{"extends":"./a.json"}', 'a.json': '{"extends":"./tsconfig.json"}' },
      /extends itself/,
    ],
    [
      'an endless chain',
      Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [
          index === 0 ? 'tsconfig.json' : `${index}.json`,
          `{"extends":"./${index + 1}.json"}`,
        ]),
      ),
      /extends more than 32/,
    ],
    ['a huge file', { 'tsconfig.json': `{"a":"${'a'.repeat(300_000)}"}` }, /larger than/],
    ['no JSON', { 'tsconfig.json': '<html>' }, /not valid JSON/],
    ['deep nesting', { 'tsconfig.json': '['.repeat(100_000) }, /not valid JSON/],
  ])('%s is a problem and not the end', (_name, files, message) => {
    const workspace = open({ ...files, 'lib/a.ts': '' })
    expect(show(workspace.resolve('app/page.tsx', '../lib/a'))).toBe('lib/a.ts')
    workspace.resolve('app/page.tsx', '@/a')
    expect(workspace.problems.map(problem => problem.message).join('\n')).toMatch(message)
  })

  it('targets outside the repository are not resolved', () => {
    const workspace = open({ 'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["../../*"]},"baseUrl":"../.."}}' })
    expect(show(workspace.resolve('app/page.tsx', '@/etc/passwd'))).toBe('unresolved')
  })
})

describe('workspace packages', () => {
  function packageWith(manifest: object, ...files: string[]): Workspace {
    return openWorkspace(
      temporaryRepository({
        'package.json': '{"workspaces":["apps/*","packages/*"]}',
        ...appFiles('16.0.0', 'apps/web/'),
        'packages/db/package.json': JSON.stringify({ name: '@acme/db', ...manifest }),
        ...empty(...files.map(file => `packages/db/${file}`)),
      }),
    )
  }

  it.each<[string, object, string[], string, string]>([
    ['exports', { exports: './src/main.ts' }, ['src/main.ts'], '@acme/db', 'src/main.ts'],
    [
      'exports with conditions',
      { exports: { '.': { types: './src/types.ts', import: './src/main.ts' } } },
      ['src/main.ts', 'src/types.ts'],
      '@acme/db',
      'src/main.ts',
    ],
    [
      'exports with a pattern',
      { exports: { './*': './src/*.ts' } },
      ['src/queries/parts.ts'],
      '@acme/db/queries/parts',
      'src/queries/parts.ts',
    ],
    [
      'exports of what is not built',
      { exports: { './server': { import: './dist/server.mjs', types: './dist/server.d.ts' } } },
      ['src/server.ts'],
      '@acme/db/server',
      'src/server.ts',
    ],
    ['main', { main: 'lib.js' }, ['lib.ts'], '@acme/db', 'lib.ts'],
    ['main that is not built', { main: './dist/index.js' }, ['src/index.ts'], '@acme/db', 'src/index.ts'],
    ['no entry', {}, ['src/index.tsx'], '@acme/db', 'src/index.tsx'],
    ['a sub-path', {}, ['src/queries.ts'], '@acme/db/src/queries', 'src/queries.ts'],
    ['a sub-path below src', {}, ['src/queries.ts'], '@acme/db/queries', 'src/queries.ts'],
  ])('by %s', (_name, manifest, files, specifier, expected) => {
    const resolution = packageWith(manifest, ...files).resolve('apps/web/app/page.tsx', specifier)
    expect(show(resolution)).toBe(`packages/db/${expected}`)
  })

  it('a missing sub-path is unresolved, not somebody else’s package', () => {
    expect(show(packageWith({}).resolve('apps/web/app/page.tsx', '@acme/db/nothing'))).toBe('unresolved')
  })

  it('of pnpm, and by file: ranges', () => {
    const root = temporaryRepository({
      'pnpm-workspace.yaml': "packages: ['apps/*']",
      ...appFiles('16.0.0', 'apps/web/'),
      'apps/web/package.json': '{"dependencies":{"next":"16.0.0","shared":"file:../../shared"}}',
      'apps/lib/package.json': '{"name":"lib","main":"lib.ts"}',
      'shared/package.json': '{"name":"shared","main":"main.ts"}',
      'other/package.json': '{"name":"other","main":"main.ts"}',
      ...empty('apps/lib/lib.ts', 'shared/main.ts', 'other/main.ts'),
    })
    const workspace = openWorkspace(root)
    const resolved = ['lib', 'shared', 'other'].map(name => show(workspace.resolve('apps/web/app/page.tsx', name)))
    expect(resolved).toEqual(['apps/lib/lib.ts', 'shared/main.ts', 'package other'])
  })

  it('imports of package.json', () => {
    const manifest = {
      name: 'web',
      dependencies: { next: '16.0.0' },
      imports: { '#db': './lib/db.ts', '#lib/*': './lib/*.ts' },
    }
    const workspace = open({ 'package.json': JSON.stringify(manifest), ...empty('lib/db.ts', 'lib/a.ts') })
    const resolved = ['#db', '#lib/a', '#none'].map(name => show(workspace.resolve('app/page.tsx', name)))
    expect(resolved).toEqual(['lib/db.ts', 'lib/a.ts', 'unresolved'])
  })
})

it('finds files behind a symbolic link inside the repository under their own name', () => {
  const root = temporaryRepository({ ...appFiles(), 'shared/a.ts': '' })
  symlinkSync(path.join(root, 'shared'), path.join(root, 'app', 'shared'), 'junction')
  expect(show(openWorkspace(root).resolve('app/page.tsx', './shared/a'))).toBe('shared/a.ts')
})
