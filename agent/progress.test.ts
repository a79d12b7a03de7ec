import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createProgress } from './progress.ts'

interface Terminal {
  isTTY?: boolean
  columns?: number
}

/** What two steps write to a stream of the given kind. */
async function written(terminal: Terminal, quiet = false, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const stream = Object.assign(new PassThrough(), terminal)
  const progress = createProgress({ quiet, stream: stream as unknown as NodeJS.WriteStream, env })
  expect(await progress.step('Reading', async report => report('1 of 2') ?? 7)).toBe(7)
  await progress.step('Judging', async () => undefined)
  return String(stream.read() ?? '')
}

const TERMINAL = { isTTY: true, columns: 80 }

describe('createProgress', () => {
  it('writes a line for each step into a pipe', async () => {
    expect(await written({})).toBe('Reading\nJudging\n')
  })

  it('writes nothing when quiet', async () => {
    expect(await written(TERMINAL, true)).toBe('')
  })

  it.each([
    ['in CI', TERMINAL, { CI: 'true' }],
    ['on a dumb terminal', TERMINAL, { TERM: 'dumb' }],
    ['on a terminal of unknown width', { isTTY: true, columns: 0 }, {}],
  ])('writes plain lines %s', async (_where, terminal, env) => {
    expect(await written(terminal, false, env)).toBe('Reading\nJudging\n')
  })

  it('draws on a terminal, and CI=false is no CI', async () => {
    const drawn = await written(TERMINAL, false, { CI: 'false' })
    expect(drawn).toContain('\u001b')
    expect(drawn).toMatch(/Reading.*Judging/s)
  })

  it('passes on what a step throws', async () => {
    const stream = Object.assign(new PassThrough(), TERMINAL) as unknown as NodeJS.WriteStream
    const failing = createProgress({ quiet: false, stream, env: {} }).step('Reading', async () => {
      throw new TypeError('no')
    })
    await expect(failing).rejects.toThrow(new TypeError('no'))
  })
})
