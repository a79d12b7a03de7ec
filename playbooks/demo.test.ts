import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildAppModel } from '../tools/code/index.ts'
import type { AppModel } from '../tools/code/model.ts'
import { readSchema } from '../tools/schema/index.ts'
import type { Finding } from './finding.ts'
import { judge } from './judge.ts'
import { loadPlaybooks } from './registry.ts'

/** The demo app says itself what is wrong in it (PROBLEMS.md) and what `next build` printed (routes.tsv). */
const DEMO = join(dirname(fileURLToPath(import.meta.url)), '..', 'examples', 'gokart')

interface Problem {
  playbook: string
  file: string
  symbol: string
}

/** Of the playbooks that there are: the list also names what is still to be found. */
function problems(): Problem[] {
  return allProblems().filter(p => loaded.has(p.playbook))
}

function allProblems(): Problem[] {
  return readFileSync(join(DEMO, 'PROBLEMS.md'), 'utf8')
    .split('\n')
    .flatMap(line => {
      const row = /^\| ([a-z]+\/[a-z-]+) \| `([^`]+)`[^|]*\| `([^`]+)` \|/.exec(line)
      return row ? [{ playbook: row[1]!, file: row[2]!, symbol: row[3]! }] : []
    })
}

let model: AppModel
let findings: Finding[]
let loaded: Set<string>

beforeAll(async () => {
  const playbooks = await loadPlaybooks()
  loaded = new Set(playbooks.map(p => p.ref))
  model = await buildAppModel({ root: DEMO })
  const schema = await readSchema({ root: DEMO })
  findings = judge(playbooks, {
    code: { status: 'ran', value: model, ms: 0 },
    schema: schema ? { status: 'ran', value: schema, ms: 0 } : { status: 'skipped', reason: 'none' },
    database: { status: 'skipped', reason: 'none' },
  }).findings
})

describe('the demo app', () => {
  test('has every problem that PROBLEMS.md names', () => {
    const missing = problems().filter(p => !findings.some(f => f.playbook === p.playbook && f.location.file === p.file))
    expect(missing).toEqual([])
  })

  test('names most playbooks', () => {
    expect(problems().length).toBeGreaterThan(30)
    expect(problems().length).toBeGreaterThan(allProblems().length * 0.9)
  })

  test('names the object of each problem in the database', () => {
    const vague = problems()
      .filter(p => p.file.endsWith('.sql') && p.playbook !== 'database/raw-sql')
      .filter(p => !findings.some(f => f.playbook === p.playbook && f.title.includes(p.symbol)))
    expect(vague).toEqual([])
  })

  test('has no other problem of these playbooks', () => {
    const named = problems()
    const covered = new Set(named.map(p => p.playbook))
    const extra = findings.filter(
      f => covered.has(f.playbook) && !named.some(p => p.playbook === f.playbook && p.file === f.location.file),
    )
    expect(extra.map(f => `${f.playbook} ${f.location.file}:${f.location.line} ${f.title}`)).toEqual([])
  })

  test('is rendered as `next build` printed', () => {
    const symbols: Record<string, string> = { '○': 'static', '●': 'static', ƒ: 'dynamic' }
    const printed = readFileSync(join(DEMO, 'routes.tsv'), 'utf8')
      .split('\n')
      .flatMap(line => {
        const [path, symbol, seconds] = line.split('\t')
        const mode = symbols[symbol ?? '']
        if (!path || !mode) return []
        return [`${path} ${mode === 'static' && seconds ? `isr ${seconds}` : mode}`]
      })
    const modelled = model.routes.map(
      r => `${r.path} ${r.rendering.mode}${r.rendering.mode === 'isr' ? ` ${r.rendering.revalidateSeconds}` : ''}`,
    )
    expect(printed.filter(row => !modelled.includes(row))).toEqual([])
    expect(printed.length).toBeGreaterThan(20)
  })
})
