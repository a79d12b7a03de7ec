import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorkspace } from './discover.ts'
import { findRouteFiles } from './routefiles.ts'
import { appFiles, temporaryRepository } from './temporary-repository.ts'
import type { RouteFiles } from './workspace.ts'

function routesOf(files: Record<string, string>): Map<string, RouteFiles> {
  const workspace = openWorkspace(temporaryRepository({ ...appFiles(), ...files }))
  return new Map(findRouteFiles(workspace, workspace.apps[0]!).map(route => [route.path, route]))
}

function chainOf(files: Record<string, string>, route: string): string[] {
  const chain = routesOf(files).get(route)?.chain ?? []
  return chain.map(({ file }) => file.replace(/^app\//, ''))
}

it('lists what `next build` lists', () => {
  const fixture = path.join(import.meta.dirname, 'fixtures', 'workspace', 'conventions')
  const expected = JSON.parse(readFileSync(path.join(fixture, 'expected.json'), 'utf8')) as { routes: object }
  const root = temporaryRepository({})
  cpSync(fixture, root, { recursive: true })
  writeFileSync(path.join(root, 'package.json'), appFiles()['package.json']!)
  const workspace = openWorkspace(root)
  const paths = findRouteFiles(workspace, workspace.apps[0]!).map(route => route.path)
  expect(paths.sort()).toEqual(Object.keys(expected.routes).sort())
})

describe('kinds', () => {
  const routes = routesOf.bind(undefined, {
    'app/api/parts/route.ts': '',
    'app/blog/[slug]/opengraph-image.tsx': '',
    'app/shop/[[...path]]/page.tsx': '',
    'app/icon.svg': '',
    'app/_lib/page.tsx': '',
  })

  it('are page, handler and metadata', () => {
    expect([...routes().values()].map(({ path, kind, asset }) => [path, kind, asset])).toEqual([
      ['/', 'page', false],
      ['/_not-found', 'page', false],
      ['/api/parts', 'handler', false],
      ['/blog/[slug]/opengraph-image', 'metadata', false],
      ['/icon.svg', 'metadata', true],
      ['/shop/[[...path]]', 'page', false],
    ])
  })

  it('name their dynamic segments', () => {
    expect(routes().get('/shop/[[...path]]')!.dynamicSegments).toEqual(['path'])
    expect(routes().get('/blog/[slug]/opengraph-image')!.dynamicSegments).toEqual(['slug'])
  })

  it('a handler is rendered by nothing else', () => {
    expect(routes().get('/api/parts')!.chain).toEqual([{ file: 'app/api/parts/route.ts', role: 'route' }])
  })
})

describe('what renders with a page', () => {
  it('layouts, templates, loading and not-found files from the root down, groups included', () => {
    const files = {
      'app/not-found.tsx': '',
      'app/(shop)/layout.tsx': '',
      'app/(shop)/parts/template.tsx': '',
      'app/(shop)/parts/loading.tsx': '',
      'app/(shop)/parts/page.tsx': '',
    }
    expect(chainOf(files, '/parts')).toEqual([
      'layout.tsx',
      'not-found.tsx',
      '(shop)/layout.tsx',
      '(shop)/parts/template.tsx',
      '(shop)/parts/loading.tsx',
      '(shop)/parts/page.tsx',
    ])
  })

  const slots = {
    'app/dash/layout.tsx': '',
    'app/dash/page.tsx': '',
    'app/dash/default.tsx': '',
    'app/dash/users/page.tsx': '',
    'app/dash/@team/layout.tsx': '',
    'app/dash/@team/page.tsx': '',
    'app/dash/@team/default.tsx': '',
    'app/dash/@team/members/page.tsx': '',
  }

  it("the slot's page with its layout, where it has one for this URL", () => {
    expect(chainOf(slots, '/dash')).toEqual([
      'layout.tsx',
      'dash/layout.tsx',
      'dash/@team/layout.tsx',
      'dash/@team/page.tsx',
      'dash/page.tsx',
    ])
  })

  it("the slot's default where it has none", () => {
    expect(chainOf(slots, '/dash/users')).toEqual([
      'layout.tsx',
      'dash/layout.tsx',
      'dash/@team/default.tsx',
      'dash/users/page.tsx',
    ])
  })

  it('a page that only the slot has makes a route, with the default beside it', () => {
    expect(chainOf(slots, '/dash/members')).toEqual([
      'layout.tsx',
      'dash/layout.tsx',
      'dash/default.tsx',
      'dash/@team/layout.tsx',
      'dash/@team/members/page.tsx',
    ])
  })

  it('a catch-all page of a slot', () => {
    const files = { 'app/@bar/[...all]/page.tsx': '', 'app/parts/page.tsx': '' }
    expect(chainOf(files, '/parts')).toEqual(['layout.tsx', '@bar/[...all]/page.tsx', 'parts/page.tsx'])
  })
})

describe('intercepting routes', () => {
  it.each([
    ['app/feed/@modal/(.)photo/[id]/page.tsx', '/feed/(.)photo/[id]', '/feed/photo/[id]'],
    ['app/feed/(..)photo/page.tsx', '/feed/(..)photo', '/photo'],
    ['app/a/b/(...)login/page.tsx', '/a/b/(...)login', '/login'],
    ['app/a/b/(..)(..)c/page.tsx', '/a/b/(..)(..)c', '/c'],
  ])('%s', (file, route, intercepts) => {
    expect(routesOf({ [file]: '' }).get(route)).toMatchObject({ file, intercepts })
  })
})

describe('the 404 page', () => {
  it('is a route inside the root layout', () => {
    expect(routesOf({}).get('/_not-found')!.chain).toEqual([{ file: 'app/layout.tsx', role: 'layout' }])
    expect(chainOf({ 'app/not-found.tsx': '' }, '/_not-found')).toEqual(['layout.tsx', 'not-found.tsx'])
  })
})

it('honours pageExtensions', () => {
  const files = {
    'next.config.mjs': "export default { pageExtensions: ['page.tsx', 'mdx'] }",
    'app/a/page.page.tsx': '',
    'app/b/page.mdx': '',
    'app/c/page.tsx': '',
  }
  expect([...routesOf(files).keys()]).toEqual(['/_not-found', '/a', '/b'])
})
