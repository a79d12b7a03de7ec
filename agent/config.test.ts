import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, parseConfig } from './config.ts'
import { oneLine } from './text.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function messageOf(run: () => unknown): string {
  try {
    run()
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
  ])('%j: one line that names the place', (text, expected) => {
    const message = messageOf(() => parseConfig(text))
    expect(message).toMatch(expected)
    expect(oneLine(message)).toBe(message)
  })

  it('allows a byte order mark', () => {
    expect(parseConfig('\ufeff{"failOn":"low"}')).toEqual({ failOn: 'low' })
  })
})

describe('loadConfig', () => {
  it('is empty without a file', () => {
    expect(loadConfig(folder)).toEqual({ config: {}, file: undefined })
  })

  it('says when the named file is missing', () => {
    expect(messageOf(() => loadConfig(folder, 'nowhere.json'))).toMatch(/^nowhere\.json: no such file/)
  })

  it('does not follow a link out of the audited folder', () => {
    const repository = join(folder, 'repository')
    mkdirSync(repository)
    writeFileSync(join(folder, 'private.json'), '{}')
    symlinkSync(join(folder, 'private.json'), join(repository, 'scalability.config.json'))
    expect(messageOf(() => loadConfig(repository))).toMatch(/a link that leaves the folder/)
  })

  it('refuses a folder and a file that is too large', () => {
    mkdirSync(join(folder, 'scalability.config.json'))
    expect(messageOf(() => loadConfig(folder))).toMatch(/is not a file/)
    writeFileSync(join(folder, 'big.json'), ' '.repeat(300_000))
    expect(messageOf(() => loadConfig(folder, join(folder, 'big.json')))).toMatch(/too large/)
  })
})
