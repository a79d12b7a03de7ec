import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ts } from 'ts-morph'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agent, type Sandbox, sandbox } from './testing/cli.ts'

const PLAN = 'docs/SCALABILITY-10K-PLAN.md'
const LOAD_TEST = 'docs/SCALABILITY-LOAD-TEST.md'

let shop: Sandbox

beforeEach(() => {
  shop = sandbox('shop')
})

afterEach(() => shop.remove())

function run(command: string, ...args: string[]) {
  return agent([command, shop.root, '--quiet', '--no-shadow', '--no-cache', ...args])
}

describe('agent plan', () => {
  it('writes phases whose steps name their places', async () => {
    const { code, stdout } = await run('plan')
    expect({ code, stdout }).toEqual({ code: 0, stdout: `new        ${PLAN}\n` })
    const text = shop.read(PLAN)
    for (const part of [
      '**Goal.**',
      '**Owner.**',
      '**Done when**',
      '**Security.**',
      '**Roll back.**',
      '## Not investigated',
    ])
      expect(text).toContain(part)
    expect(text).toMatch(/- \[ \] \*\*.*\*\* \(\w+\) at `[^`]+:\d+`/)
  })

  it('keeps what people wrote, and is the same when nothing changed', async () => {
    await run('plan')
    shop.write(PLAN, `${shop.read(PLAN)}\nDecided in May: phase 1 first.\n`)
    const before = shop.read(PLAN)
    const { stdout } = await run('plan')
    expect(stdout).toBe(`unchanged  ${PLAN}\n`)
    expect(shop.read(PLAN)).toBe(before)
  })

  it('--check writes nothing and says what is out of date', async () => {
    const { code, stderr } = await run('plan', '--check')
    expect({ code, stderr }).toEqual({ code: 1, stderr: `agent: ${PLAN} is out of date\n` })
    expect(existsSync(join(shop.root, 'docs'))).toBe(false)
  })

  it('--json prints the plan and writes nothing', async () => {
    const { stdout } = await run('plan', '--json')
    const plan = JSON.parse(stdout) as { target: number; phases: { success: string[] }[] }
    expect(plan.target).toBe(10_000)
    expect(plan.phases.every(({ success }) => success.length > 0)).toBe(true)
    expect(existsSync(join(shop.root, 'docs'))).toBe(false)
  })

  it('names owners of CODEOWNERS', async () => {
    shop.write('CODEOWNERS', '* @shop/web\n*.sql @shop/database\n')
    await run('plan')
    expect(shop.read(PLAN)).toContain('**Owner.** `@shop/web`')
  })

  it('leaves a document alone whose markers are damaged', async () => {
    shop.write(PLAN, '<!-- scalability-agent:begin plan -->\n')
    const { code, stderr } = await run('plan')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^agent: docs\/.* is missing or out of place.*\n$/),
    })
  })
})

describe('agent document', () => {
  it('writes a runbook and a load test of the routes that the app has', async () => {
    const { code } = await run('document')
    expect(code).toBe(0)
    const script = shop.read('docs/load-test/public.js')
    expect(script).toContain('{ path: "/posts", segments: []')
    expect(shop.read(LOAD_TEST)).toContain('| `/posts` |')
    expect(shop.read('docs/SCALABILITY-RUNBOOK.md')).toMatch(/Suspects in this app\.\*\*\n\n- .*\(`[^`]+:\d+`/)
  })

  it('its scripts are valid, and ask no address by themselves', async () => {
    await run('document')
    const { diagnostics } = ts.transpileModule(shop.read('docs/load-test/public.js'), { reportDiagnostics: true })
    expect(diagnostics).toEqual([])
    expect(shop.read('docs/load-test/public.js')).not.toMatch(/https?:\/\//)
  })

  it('leaves the values for the scripts to the user', async () => {
    await run('document')
    shop.write('docs/load-test/public.values.json', '{ "weights": {}, "segments": {} }\n')
    const { stdout } = await run('document')
    expect(
      stdout
        .split('\n')
        .filter(line => line !== '')
        .every(line => line.startsWith('unchanged')),
    ).toBe(true)
    expect(shop.read('docs/load-test/public.values.json')).toBe('{ "weights": {}, "segments": {} }\n')
  })
})
