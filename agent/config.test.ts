import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import { parseConfig } from './configschema.ts'
import { oneLine } from './text.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function messageOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('expected an error')
}

describe('parseConfig', () => {
  it('takes every documented key', () => {
    const config = {
      $schema: './schema.json',
      areas: ['database'],
      exclude: ['apps/internal/**'],
      suppress: [{ playbook: 'database/unbounded-query', files: ['src/**'], key: 'k', reason: 'twelve rows for ever' }],
      targets: { concurrentUsers: 10_000, p95Ms: 800 },
      failOn: 'high',
    }
    expect(parseConfig(JSON.stringify(config))).toEqual(config)
  })

  it.each([
    ['{\n  "area": ["database"]\n}', /^scalability\.config\.json:2: area: unknown key; known keys: \$schema, areas,/],
    ['{\n  "areas": ["databse"]\n}', /^scalability\.config\.json:2: areas\.0: Invalid option/],
    ['{ "suppress": [\n { "playbook": "a/b", "reason": "  " }] }', /:2: suppress\.0\.reason: a reason is required$/],
    ['{ "suppress": [\n { "playbook": "a/b" }] }', /:2: suppress\.0\.reason: Invalid input/],
    ['{ "targets": { "users": 1 } }', /:1: targets\.users: unknown key$/],
    ['{\n"failOn": "hgih" }', /:2: failOn: Invalid option/],
    ['{\n  "failOn": high\n}', /:2: not valid JSON \(invalid symbol\)$/],
    ['// note\n{}', /not valid JSON/],
    ['', /not valid JSON/],
    ['[]', /:1: the file: Invalid input/],
    ['root:x:0:0:root', /:1: not valid JSON \(invalid symbol\)$/],
    ['['.repeat(100_000), /:1: not valid JSON \(nested too deeply\)$/],
    ['{"__proto__": {"failOn": "high"}}', /:1: __proto__: unknown key/],
    ['{"a\\u001b[2J\\nb": 1}', /:1: a \[2J b: unknown key/],
  ])('%j: one line that names the place', async (text, expected) => {
    const message = await messageOf(() => parseConfig(text))
    expect(message).toMatch(expected)
    expect(oneLine(message)).toBe(message)
  })

  it('allows a byte order mark', () => {
    expect(parseConfig('\ufeff{"failOn":"low"}')).toEqual({ failOn: 'low' })
  })
})

describe('loadConfig', () => {
  it('is empty without a file', async () => {
    expect(await loadConfig(folder)).toEqual({ config: {}, file: undefined })
  })

  it('says when the named file is missing', async () => {
    expect(await messageOf(() => loadConfig(folder, 'nowhere.json'))).toMatch(/^nowhere\.json: no such file/)
  })

  it('does not follow a link out of the audited folder', async () => {
    const repository = join(folder, 'repository')
    mkdirSync(repository)
    writeFileSync(join(folder, 'private.json'), '{}')
    symlinkSync(join(folder, 'private.json'), join(repository, 'scalability.config.json'))
    expect(await messageOf(() => loadConfig(repository))).toMatch(/a link that leaves the folder/)
  })

  it('refuses a folder and a file that is too large', async () => {
    mkdirSync(join(folder, 'scalability.config.json'))
    expect(await messageOf(() => loadConfig(folder))).toMatch(/not a regular file/)
    writeFileSync(join(folder, 'big.json'), ' '.repeat(300_000))
    expect(await messageOf(() => loadConfig(folder, join(folder, 'big.json')))).toMatch(/larger than 256 kB/)
  })
})
