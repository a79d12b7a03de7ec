import { expect, it } from 'vitest'
import { openPool } from './lowerpool.ts'

it('lowers every file in the order given; one that is nested without end costs only itself', async () => {
  const pool = openPool(3)
  const lowered = await pool.lower(
    [
      { path: 'a.ts', text: 'export const a = 1' },
      { path: 'b.ts', text: `x = ${'['.repeat(100_000)}` },
      { path: 'c.ts', text: 'export const c = ;' },
    ],
    async () => {},
  )
  pool.close()
  expect(lowered.map(l => ('ir' in l ? (l.ir.error?.line ?? l.ir.exports[0]?.name) : l.error))).toEqual([
    'a',
    'nested too deeply to parse',
    1,
  ])
})

it('stops when the caller does', async () => {
  const pool = openPool(1)
  const stop = async (): Promise<void> => {
    throw new Error('stopped')
  }
  await expect(pool.lower([{ path: 'a.ts', text: '' }], stop)).rejects.toThrow('stopped')
  pool.close()
})
