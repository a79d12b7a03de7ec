import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildAppModel } from './index.ts'
import { temporaryRepository } from './temporary-repository.ts'

/** Route → Next version → what `next build` prints: "○", "●", "ƒ", "◐", with "1m" and the like after it. */
type Measured = Record<string, Record<string, string>>

const fixtures = path.join(import.meta.dirname, 'fixtures')
const modes: Record<string, string> = { '○': 'static', '●': 'static', ƒ: 'dynamic', '◐': 'partial' }
const seconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 }

interface Expected {
  routes: Record<string, unknown>
  version: string
  /** What the app depends on besides Next, React and Supabase. */
  dependencies?: Record<string, string>
}

function readExpected(fixture: string): Expected {
  return JSON.parse(readFileSync(path.join(fixtures, fixture, 'expected.json'), 'utf8'))
}

/** "○ 1m" → "isr 60", "◐ 15m" → "partial 900", "ƒ" → "dynamic". */
function inWords(printed: string): string {
  const [symbol, time] = printed.split(' ')
  const mode = modes[symbol!]!
  if (time === undefined) return mode
  return `${mode === 'static' ? 'isr' : mode} ${Number(time.slice(0, -1)) * seconds[time.at(-1)!]!}`
}

/** Modes of a fixture's routes as the app model tells them, the app depending on this version of Next. */
async function modelled(fixture: string, next: string): Promise<Record<string, string>> {
  const root = temporaryRepository({})
  cpSync(path.join(fixtures, fixture), root, { recursive: true })
  const { dependencies: own } = readExpected(fixture)
  const dependencies = { next, '@supabase/supabase-js': '2.90.1', '@supabase/ssr': '0.8.0', react: '19.0.0', ...own }
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'matrix', dependencies }))
  const { routes } = await buildAppModel({ root })
  return Object.fromEntries(
    routes.map(({ path, rendering: { mode, revalidateSeconds } }) => [
      path,
      typeof revalidateSeconds === 'number' ? `${mode} ${revalidateSeconds}` : mode,
    ]),
  )
}

/** Rows that one version was measured for. Next 14 prints no times, but its prerender manifest holds those of 15. */
function rowsOf(measured: Measured, version: string): Record<string, string> {
  const rows: Record<string, string> = {}
  for (const [route, byVersion] of Object.entries(measured)) {
    const printed = byVersion[version]
    if (printed === undefined) continue
    const later = byVersion['15.5.29'] ?? byVersion['16.1.2']
    const timed = printed === '○' && later?.startsWith('○ ') ? later : printed
    // GET handlers without options are static on 14 alone, so a later "ƒ" never gives a time here.
    rows[route] = inWords(timed)
  }
  return rows
}

function pick(modes: Record<string, string>, rows: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(rows).map(route => [route, modes[route] ?? 'absent']))
}

describe('rendering modes are those that `next build` prints', () => {
  const matrix = readExpected('matrix').routes as Measured

  it.each(['14.2.35', '15.5.29', '16.1.2', '16.4.6'])('with Next %s', async version => {
    const rows = rowsOf(matrix, version)
    expect(pick(await modelled('matrix', version), rows)).toEqual(rows)
  })

  it('with cacheComponents', async () => {
    const { routes, version } = readExpected('cache-components')
    const rows = Object.fromEntries(Object.entries(routes).map(([route, printed]) => [route, inWords(String(printed))]))
    expect(pick(await modelled('cache-components', version), rows)).toEqual(rows)
  })

  it.each([
    ["'use cache' alone", 'workspace/use-cache', '16.1.2'],
    ['partial prerendering of segments that ask for it', 'workspace/ppr', '15.5.9'],
    ['next-intl with a locale in the path', 'workspace/intl-routing', '16.1.2'],
    ['next-intl with the locale in a cookie', 'workspace/intl-cookies', '16.1.2'],
    ['next-intl with one locale', 'workspace/intl-fixed', '16.1.2'],
    ['libraries that read the request or fetch with no-store', 'workspace/libraries', '15.5.9'],
    ['clients that hand options on to fetch, computed lifetimes and tRPC', 'workspace/clients', '15.5.9'],
  ])('with %s (%s, Next %s)', async (_name, fixture, version) => {
    const rows = rowsOf(readExpected(fixture).routes as Measured, version)
    expect(pick(await modelled(fixture, version), rows)).toEqual(rows)
  })

  it.each(
    ['14.2.35', '15.5.9', '16.1.2'].flatMap(version => [
      ['slots, templates, groups and metadata files', 'workspace/conventions', version] as const,
      ['segment configuration wherever it can stand', 'workspace/segments', version] as const,
      ['a root not-found.tsx that reads cookies', 'workspace/not-found', version] as const,
      ['a root not-found.tsx with options', 'workspace/not-found-config', version] as const,
      ['root layouts in groups only', 'workspace/groups', version] as const,
    ]),
  )('with %s (%s, Next %s)', async (_name, fixture, version) => {
    const rows = rowsOf(readExpected(fixture).routes as Measured, version)
    expect(pick(await modelled(fixture, version), rows)).toEqual(rows)
  })
})
