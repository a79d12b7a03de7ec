import { describe, expect, it } from 'vitest'
import { openWorkspace } from './discover.ts'
import { temporaryRepository } from './temporary-repository.ts'
import type { AppInfo } from './workspace.ts'

/** The only app of a repository; `next` and other ranges as its package.json has them. */
function appOf(dependencies: Record<string, string>, files: Record<string, string>, folder = ''): AppInfo {
  const root = temporaryRepository({
    [`${folder}package.json`]: JSON.stringify({ name: 'web', dependencies }),
    [`${folder}app/page.tsx`]: '',
    ...files,
  })
  return openWorkspace(root).apps[0]!
}

describe('from the range alone', () => {
  it.each([
    ['16.1.2', '16.1.2'],
    ['^15.1.0', '15.1.0'],
    ['~14.2', '14.2.0'],
    ['>=15', '15.0.0'],
    ['16.0.0-canary.3', '16.0.0-canary.3'],
    ['npm:next@^15.2.0', '15.2.0'],
    ['latest', null],
    ['canary', null],
    ['*', null],
    ['github:vercel/next.js', null],
  ])('%s → %s', (range, version) => {
    expect(appOf({ next: range }, {}).next).toBe(version)
  })

  it('an installed version is better', () => {
    const files = { 'node_modules/next/package.json': '{"name":"next","version":"15.3.1"}' }
    expect(appOf({ next: '^15.0.0' }, files).next).toBe('15.3.1')
  })
})

describe('from the lockfile', () => {
  const range = { next: '^15.0.0', '@supabase/supabase-js': '^2.0.0' }
  const expected = { next: '15.5.4', '@supabase/supabase-js': '2.90.1' }

  it.each<[string, string, string]>([
    [
      'package-lock.json, version 3',
      'package-lock.json',
      JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': {},
          'node_modules/next': { version: '15.5.4' },
          'node_modules/@supabase/supabase-js': { version: '2.90.1' },
        },
      }),
    ],
    [
      'package-lock.json, version 1',
      'package-lock.json',
      JSON.stringify({
        lockfileVersion: 1,
        dependencies: { next: { version: '15.5.4' }, '@supabase/supabase-js': { version: '2.90.1' } },
      }),
    ],
    [
      'pnpm 9',
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '@supabase/supabase-js':
        specifier: ^2.0.0
        version: 2.90.1
      next:
        specifier: ^15.0.0
        version: 15.5.4(react-dom@19.0.0(react@19.0.0))(react@19.0.0)

packages:

  next@15.9.9:
    resolution: {integrity: sha512-x}
`,
    ],
    [
      'pnpm 6 without importers',
      'pnpm-lock.yaml',
      `lockfileVersion: '6.0'

dependencies:
  '@supabase/supabase-js':
    specifier: ^2.0.0
    version: 2.90.1
  next:
    specifier: ^15.0.0
    version: 15.5.4(react@19.0.0)

packages:
`,
    ],
    [
      'pnpm 5',
      'pnpm-lock.yaml',
      `lockfileVersion: 5.4

specifiers:
  next: ^15.0.0

dependencies:
  '@supabase/supabase-js': 2.90.1
  next: 15.5.4_react@19.0.0

packages:
`,
    ],
    [
      'yarn classic',
      'yarn.lock',
      `# yarn lockfile v1

"@supabase/supabase-js@^2.0.0", "@supabase/supabase-js@^2.1.0":
  version "2.90.1"
  resolved "https://example.test/x.tgz"

next@^15.0.0:
  version "15.5.4"
  dependencies:
    "@next/env" "15.5.4"
`,
    ],
    [
      'yarn berry',
      'yarn.lock',
      `__metadata:
  version: 8

"@supabase/supabase-js@npm:^2.0.0":
  version: 2.90.1
  resolution: "@supabase/supabase-js@npm:2.90.1"

"next@npm:^15.0.0":
  version: 15.5.4
  resolution: "next@npm:15.5.4"
`,
    ],
    [
      'bun',
      'bun.lock',
      `{
  "lockfileVersion": 1,
  "packages": {
    "@supabase/supabase-js": ["@supabase/supabase-js@2.90.1", "", {}, "sha512-x"],

    "next": ["next@15.5.4", "", { "dependencies": {} }, "sha512-x"],
  }
}`,
    ],
  ])('%s', (_name, file, text) => {
    const { next, dependencies } = appOf(range, { [file]: text })
    expect({ next, '@supabase/supabase-js': dependencies['@supabase/supabase-js'] }).toEqual(expected)
  })

  it('of a monorepo, for the package that asks', () => {
    const lock = `importers:

  .: {}

  apps/admin:
    dependencies:
      next:
        specifier: 14.2.0
        version: 14.2.0

  apps/web:
    dependencies:
      next:
        specifier: ^15.0.0
        version: 15.5.4

packages:
`
    expect(appOf({ next: '^15.0.0' }, { 'pnpm-lock.yaml': lock }, 'apps/web/').next).toBe('15.5.4')
  })

  it('of npm workspaces, hoisted or not', () => {
    const packages = { 'node_modules/next': { version: '15.1.0' }, 'apps/web/node_modules/next': { version: '15.5.4' } }
    const lock = { 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }) }
    expect(appOf({ next: '^15.0.0' }, lock, 'apps/web/').next).toBe('15.5.4')
    expect(appOf({ next: '^15.0.0' }, lock, 'apps/admin/').next).toBe('15.1.0')
  })

  it('that is stale is not believed', () => {
    const lock = JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/next': { version: '13.4.0' } } })
    expect(appOf({ next: '^15.1.0' }, { 'package-lock.json': lock }).next).toBe('15.1.0')
  })

  it('fixes what the range leaves open', () => {
    const lock = JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/next': { version: '16.0.1' } } })
    expect(appOf({ next: 'latest' }, { 'package-lock.json': lock }).next).toBe('16.0.1')
  })

  it('that is broken is ignored', () => {
    expect(appOf({ next: '^15.1.0' }, { 'package-lock.json': '{' }).next).toBe('15.1.0')
  })
})

describe('catalogs', () => {
  it('of pnpm', () => {
    const yaml = `packages:
  - "apps/*" # all of them
catalog:
  next: ^15.3.0
catalogs:
  supabase:
    '@supabase/supabase-js': ^2.50.0
`
    const app = appOf(
      { next: 'catalog:', '@supabase/supabase-js': 'catalog:supabase' },
      { 'pnpm-workspace.yaml': yaml },
    )
    expect(app).toMatchObject({ next: '15.3.0', dependencies: { '@supabase/supabase-js': '2.50.0' } })
  })

  it('of bun', () => {
    const manifest = JSON.stringify({ workspaces: { packages: ['apps/*'], catalog: { next: '^16.0.0' } } })
    expect(appOf({ next: 'catalog:' }, { 'package.json': manifest }, 'apps/web/').next).toBe('16.0.0')
  })
})

it('adds what the workspace packages depend on', () => {
  const files = {
    'package.json': '{"workspaces":["apps/*","packages/*"],"devDependencies":{"turbo":"2.0.0"}}',
    'packages/db/package.json':
      '{"name":"@acme/db","version":"1.0.0","dependencies":{"@supabase/supabase-js":"2.9.0"}}',
  }
  expect(appOf({ next: '16.0.0', '@acme/db': 'workspace:*' }, files, 'apps/web/').dependencies).toEqual({
    '@acme/db': '1.0.0',
    '@supabase/supabase-js': '2.9.0',
    next: '16.0.0',
    turbo: '2.0.0',
  })
})
