import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agent, type Sandbox, sandbox } from '../testing/cli.ts'
import { type Body, type FakeAnthropic, KEY, type Reply, startAnthropic } from './testing/anthropic.ts'

/** The built command against the API over real HTTP. What the model says is scripted; everything else is real. */

let app: Sandbox
let api: FakeAnthropic | undefined

beforeEach(() => {
  app = sandbox('shop')
  app.write('.env', 'ADMIN_TOKEN=do-not-show-this-to-anybody\n')
  app.git('init', '-q', '-b', 'main')
  app.git('config', 'user.name', 'person')
  app.git('config', 'user.email', 'person@example.com')
  app.git('add', '-A')
  app.git('commit', '-q', '-m', 'first')
})

afterEach(async () => {
  await api?.stop()
  api = undefined
  app.remove()
})

const EMPTY = JSON.stringify({ verdicts: [], added: [] })
const NO_REASONING = JSON.stringify({ changes: [] })

/** Without tools it is asked for its reasoning, with tools for a review. */
function isReview({ tools = [] }: Body): boolean {
  return tools.length > 0
}

interface Ran {
  code: number | null
  stderr: string
  told: Record<string, unknown> & { id: string; outcome: string }
}

async function run(
  say: (body: Body, index: number) => Reply,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  api ??= await startAnthropic(say)
  const result = await agent(['run', app.root, '--no-build', '--json', ...args], {
    env: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: api.url, ...env },
  })
  return { code: result.code, stderr: result.stderr, told: JSON.parse(result.stdout || '{}') as Ran['told'] }
}

function journal(id: string): string {
  return app.read(`.scalability/runs/${id}/journal.jsonl`)
}

/** A review that looks at a file first and then confirms the finding that it was shown. */
function reviewer(body: Body): Reply {
  if (!isReview(body)) return { text: NO_REASONING }
  if (body.messages.length === 1) return { calls: [{ name: 'read_file', input: { path: 'app/orders/page.tsx' } }] }
  const prompt = String(body.messages[0]?.content)
  const key = /^(\S+) \| .*app\/orders\/page\.tsx/m.exec(prompt)?.[1] ?? ''
  const seen = { file: 'app/orders/page.tsx', line: 8, quote: "    .from('orders')" }
  return {
    text: JSON.stringify({
      verdicts: [
        { key, verdict: 'confirmed', reason: 'It reads every order.', ...seen },
        { key: 'made/up:1', verdict: 'refuted', reason: 'No.', ...seen },
      ],
      added: [
        { area: 'database', severity: 'low', title: 'A true one', reason: 'Seen.', ...seen },
        {
          area: 'database',
          severity: 'high',
          title: 'An invented one',
          reason: 'Believe me.',
          file: 'app/orders/page.tsx',
          line: 2,
          quote: 'await deleteEverything()',
        },
      ],
    }),
  }
}

describe('agent run', () => {
  it('without a key says what the model would add, and does the rest', async () => {
    const { code, stderr, told } = await run(() => ({ text: '' }), [], { ANTHROPIC_API_KEY: '' })
    expect([code, told.outcome]).toEqual([0, 'without a model'])
    expect(stderr).toContain('no ANTHROPIC_API_KEY: the phases run without a model')
    expect(api?.requests).toEqual([])
  })

  it('keeps of what the model says only what can be seen in the files', async () => {
    const { told } = await run(reviewer)
    expect(api?.refused).toEqual([])
    expect(told.outcome).toBe('complete')
    expect(told.review).toMatchObject({
      verdicts: [{ verdict: 'confirmed', place: 'app/orders/page.tsx:8' }],
      added: [{ title: 'A true one' }],
      dropped: [
        { why: 'there is no such finding' },
        { what: 'An invented one', why: 'the quote does not stand there' },
      ],
    })
    expect(told.spent).toMatchObject({ steps: 3 })
  })

  it('shows the model no secret, and keeps none in its journal', async () => {
    const { told } = await run((body, index) =>
      isReview(body) && index === 0
        ? {
            calls: [
              { name: 'read_file', input: { path: 'lib/supabase.ts' } },
              { name: 'read_file', input: { path: '.env' } },
            ],
          }
        : { text: isReview(body) ? EMPTY : NO_REASONING },
    )
    const sent = JSON.stringify(api?.requests)
    expect(sent).toContain('createPublicClient')
    for (const secret of ['MadeUpForTests0000000000000', 'do-not-show-this', KEY])
      expect(sent + journal(told.id)).not.toContain(secret)
  })

  it('asks again for an answer of the wrong shape', async () => {
    const { told } = await run((body, index) => ({
      text: !isReview(body) ? NO_REASONING : index === 0 ? '{"verdicts": 1}' : EMPTY,
    }))
    expect(told.outcome).toBe('complete')
  })

  it('stops cleanly at a limit, keeps what it has, and says how to go on', async () => {
    const { code, told } = await run(() => ({ calls: [{ name: 'list_routes', input: {} }] }), ['--max-steps', '3'])
    expect([code, told.outcome, api?.requests.length]).toEqual([0, 'the limit of 3 steps is reached', 3])
  })

  it('stops at a limit of money', async () => {
    const { told } = await run(() => ({ calls: [{ name: 'list_routes', input: {} }] }), ['--max-dollars', '0.02'])
    expect(told.outcome).toBe('the limit of $0.02 is reached')
  })

  it('says what it would cost before it costs anything', async () => {
    api = await startAnthropic(() => ({ text: '' }))
    const env = { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: api.url }
    const { code, stderr } = await agent(['run', app.root, '--estimate'], { env })
    expect([code, api.requests.length]).toEqual([0, 0])
    expect(stderr).toMatch(/Estimate: about \d+ requests to claude-sonnet-5-5, about \$\d+\.\d\d; it stops at/)
  })
})

describe('faults', () => {
  const once =
    (fault: Reply['fault']) =>
    (body: Body, index: number): Reply => {
      const text = isReview(body) ? EMPTY : NO_REASONING
      return index === 0 ? { text: 'half of it', fault } : { text }
    }

  it.each(['reset', 'cut', 'malformed'] as const)('a stream that ends by %s is asked for again', async fault => {
    const { told } = await run(once(fault))
    expect([told.outcome, api?.requests.length]).toEqual(['complete', 3])
  })

  it.each([
    ['overloaded', { status: 529, type: 'overloaded_error', message: 'Overloaded', retryAfter: '0' }],
    ['too fast', { status: 429, type: 'rate_limit_error', message: 'Slow down', retryAfter: '0' }],
  ])('%s once is tried again by the SDK', async (_, fault) => {
    expect((await run(once(fault))).told.outcome).toBe('complete')
  })

  it.each([
    [
      'overloaded all the time',
      { status: 529, type: 'overloaded_error', message: 'Overloaded', retryAfter: '0' },
      /overloaded or down \(529\); nothing is lost/,
    ],
    [
      'no credit',
      { status: 400, type: 'invalid_request_error', message: 'Your credit balance is too low' },
      /no credit left; nothing is lost/,
    ],
    ['not allowed', { status: 403, type: 'permission_error', message: 'no' }, /the key may not do this/],
  ])('%s is one line', async (_, fault, line) => {
    const { code, told } = await run(() => ({ fault }))
    expect([code, told.outcome]).toEqual([0, expect.stringMatching(line)])
  })

  it('a wrong key, an unknown model', async () => {
    expect((await run(() => ({ text: '' }), [], { ANTHROPIC_API_KEY: 'sk-ant-wrong' })).told.outcome).toMatch(
      /does not accept the key/,
    )
    expect((await run(() => ({ text: '' }), ['--model', 'claude-nine'])).told.outcome).toMatch(/no such model/)
  })

  it('a call that max_tokens cut off is not carried out', async () => {
    const { told } = await run(() => ({
      calls: [{ name: 'search_code', input: { text: 'from orders' } }],
      fault: 'truncated-tool',
    }))
    expect(told.outcome).not.toBe('complete')
    expect(JSON.stringify(api?.requests)).not.toContain('untrusted-0')
  })

  it('a refusal ends it', async () => {
    expect((await run(() => ({ text: '', stop: 'refusal' }))).told.outcome).toBe('the model refused to answer')
  })

  it('an unknown tool and a wrong input are told to the model', async () => {
    await run((body, index) =>
      index === 0
        ? {
            calls: [
              { name: 'delete_everything', input: {} },
              { name: 'read_file', input: { path: 7 } },
            ],
          }
        : { text: isReview(body) ? EMPTY : NO_REASONING },
    )
    const results = api?.requests[1]?.messages.at(-1)?.content as { is_error?: boolean; content: unknown }[]
    expect(results.map(({ is_error }) => is_error)).toEqual([true, true])
    expect(JSON.stringify(results)).toContain('not found')
  })
})

describe('killed and resumed', () => {
  it.each([1, 2])('after request %i: no answer is asked for twice', async killAt => {
    let kill = (): void => {}
    const killed = new Promise<void>(resolve => {
      kill = resolve
    })
    const say = (body: Body): Reply => {
      if (api?.requests.length === killAt + 1 && !said) {
        said = true
        kill()
      }
      return reviewer(body)
    }
    let said = false
    api = await startAnthropic(say)
    const env = { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: api.url }
    const { spawn } = await import('node:child_process')
    const { CLI } = await import('../testing/cli.ts')
    const child = spawn(process.execPath, [CLI, 'run', app.root, '--no-build', '--json'], {
      env: { ...process.env, ...env },
    })
    await killed
    child.kill('SIGKILL')
    await new Promise(resolve => child.on('close', resolve))
    const id = readdirSync(join(app.root, '.scalability/runs'))[0]!
    const turns = (): number =>
      readFileSync(join(app.root, '.scalability/runs', id, 'journal.jsonl'), 'utf8').split('"kind":"turn"').length - 1
    const before = turns()
    const asked = api.requests.length
    const { code, stdout, stderr } = await agent(['resume', id, app.root, '--no-build', '--json'], { env })
    expect([code, stderr, JSON.parse(stdout || '{}').outcome]).toEqual([0, '', 'complete'])
    // Three answers in all; those in the journal were not asked for again.
    expect([turns(), api.requests.length - asked]).toEqual([3, 3 - before])
    expect(api.refused).toEqual([])
  })

  it('a run that is not there is one line', async () => {
    const { code, stderr } = await agent(['resume', 'nothing', app.root], {})
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^agent: there is no run nothing here/)])
  })
})
