import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { buildAppModel } from '../tools/code/index.ts'
import type { LiveDatabase, LiveOverview } from '../tools/database/model.ts'
import type { Gathered } from '../tools/gathered.ts'
import { readSchema } from '../tools/schema/index.ts'
import { AREAS } from './finding.ts'
import { judge } from './judge.ts'
import type { Evidence } from './playbook.ts'
import { loadPlaybookDocs, loadPlaybooks } from './registry.ts'

/**
 * Every example app goes through the real pipeline. A line with `expect: <area>/<id>` in a comment, or the line below a comment
 * that holds nothing else, must be found by that playbook; nothing else may be found in the whole app by any playbook.
 */
interface Expectation {
  file: string
  line: number
  playbook: string
}

interface Example {
  /** `<area>/<id>` of the playbook it belongs to. */
  owner: string
  name: string
  folder: string
  expected: Expectation[]
}

const OWN_FOLDER = dirname(fileURLToPath(import.meta.url))
const MARKER = /(?:\/\/|--|\/\*)\s*expect:\s*([a-z0-9/, -]+?)\s*(?:\*\/\s*\}?\s*)?$/

function subfolders(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(tsx?|jsx?|mjs|sql)$/.test(entry.name))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

function expectationsIn(file: string, text: string): Expectation[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const marker = MARKER.exec(line)
    if (!marker?.[1]) return []
    const code = line.slice(0, marker.index).replace(/\{\s*$/, '')
    const anchor = code.trim() ? index : nextCodeLine(lines, index)
    return marker[1].split(',').map(playbook => ({ file, line: anchor + 1, playbook: playbook.trim() }))
  })
}

function nextCodeLine(lines: readonly string[], from: number): number {
  let index = from + 1
  while (MARKER.test(lines[index] ?? '')) index += 1
  return index
}

function readExamples(): Example[] {
  return AREAS.filter(area => subfolders(OWN_FOLDER).includes(area)).flatMap(area =>
    subfolders(join(OWN_FOLDER, area)).flatMap(id => examplesOf(area, id)),
  )
}

function examplesOf(area: string, id: string): Example[] {
  const own = join(OWN_FOLDER, area, id)
  if (!subfolders(own).includes('examples')) return []
  return subfolders(join(own, 'examples')).map(name => {
    const folder = join(own, 'examples', name)
    const marked = filesOf(folder).flatMap(file => expectationsIn(file, readFileSync(join(folder, file), 'utf8')))
    const expected = [...marked, ...(statisticsIn(folder)?.expect ?? [])]
    return { owner: `${area}/${id}`, name, folder, expected }
  })
}

async function gather(root: string): Promise<Evidence> {
  const [code, schema] = await Promise.all([buildAppModel({ root }), readSchema({ root })])
  return {
    code: { status: 'ran', value: code, ms: 0 },
    schema: schema
      ? { status: 'ran', value: schema, ms: 0 }
      : { status: 'skipped', reason: 'no schema in the example' },
    database: runningDatabase(statisticsIn(root)),
  }
}

/**
 * `database.json` of an example: sections of the running database as they were read, and what is expected of them at places that
 * have no comments. Sections that are left out were not asked.
 */
interface Statistics {
  overview?: Partial<LiveOverview>
  sections: Record<string, unknown>
  failed?: Record<string, string>
  expect: Expectation[]
}

function statisticsIn(folder: string): Statistics | undefined {
  const path = join(folder, 'database.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Statistics) : undefined
}

function runningDatabase(statistics: Statistics | undefined): Evidence['database'] {
  if (!statistics) return { status: 'skipped', reason: 'examples are files' }
  const overview: LiveOverview = {
    version: '17.6',
    major: 17,
    statisticsSince: '2026-01-01T00:00:00Z',
    statisticsDays: 60,
    databaseBytes: 20 * 1024 ** 3,
    replica: false,
    via: 'connection',
    privileged: false,
    ...statistics.overview,
  }
  const asked = Object.entries(statistics.sections).map(([name, value]) => [name, { status: 'ran', value, ms: 0 }])
  const failed = Object.entries(statistics.failed ?? {}).map(([name, error]) => [name, { status: 'failed', error }])
  const nothing: Gathered<never> = { status: 'skipped', reason: 'not in the example' }
  const all = { overview, ...Object.fromEntries([...asked, ...failed]) } as LiveDatabase
  const value = new Proxy(all, { get: (own, name) => Reflect.get(own, name) ?? nothing })
  return { status: 'ran', value, ms: 0 }
}

/** One line per place, the same for what is expected and what was found, so that the diff reads by itself. */
function describePlace(folder: string, { file, line, playbook }: Expectation): string {
  const source = readFileSync(join(folder, file), 'utf8').split('\n')[line - 1] ?? ''
  return `${file}:${line} ${playbook} | ${source.trim()}`
}

const examples = readExamples()
const playbooks = await loadPlaybooks()
const loaded = new Set(playbooks.map(playbook => playbook.ref))

describe.each(examples.map(example => [`${example.owner}: ${example.name}`, example] as const))('%s', (_, example) => {
  test('is found where it is marked and nowhere else', async () => {
    const { findings, statuses } = judge(playbooks, await gather(example.folder))
    expect(statuses.filter(status => status.status === 'failed')).toEqual([])
    const found = findings.map(({ location, playbook }) =>
      describePlace(example.folder, { file: location.file, line: location.line, playbook }),
    )
    const expected = example.expected
      .filter(({ playbook }) => loaded.has(playbook))
      .map(place => describePlace(example.folder, place))
    const said = findings.map(({ location, title }) => `${location.file}:${location.line} ${title}`).join('\n')
    expect(found.sort(), `the findings say:\n${said || 'nothing'}`).toEqual(expected.sort())
  })
})

describe('the examples', async () => {
  const docs = await loadPlaybookDocs()

  test('expect only playbooks that exist', () => {
    const known = docs.map(doc => doc.ref)
    const unknown = examples.flatMap(example => example.expected).filter(({ playbook }) => !known.includes(playbook))
    expect(unknown).toEqual([])
  })

  test.each(docs.map(doc => doc.ref))('of %s show two bad shapes and an app without any', ref => {
    const own = examples.filter(example => example.owner === ref)
    expect(own.flatMap(example => example.expected).filter(({ playbook }) => playbook === ref).length).toBeGreaterThan(
      1,
    )
    expect(own.some(example => example.expected.length === 0)).toBe(true)
  })
})
