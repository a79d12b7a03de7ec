import { afterAll, describe, expect, test } from 'vitest'
import type { GateCase } from './cases/case.ts'
import { CODE_BAD } from './cases/code-bad.ts'
import { CODE_FINE } from './cases/code-fine.ts'
import { EDGES_BAD } from './cases/edges-bad.ts'
import { FILES_BAD } from './cases/files-bad.ts'
import { ROUND_BAD } from './cases/round-bad.ts'
import { ROUND_FINE } from './cases/round-fine.ts'
import { SCHEMA_BAD } from './cases/schema-bad.ts'
import { SCHEMA_FINE } from './cases/schema-fine.ts'
import { openGate } from './judge.ts'

const gate = openGate()
afterAll(() => gate.close())

const judged = ({ base, change }: GateCase) => gate.judge({ base: new Map(Object.entries(base)), files: change })

describe('bad changes are not accepted', () => {
  test.each([...SCHEMA_BAD, ...CODE_BAD, ...EDGES_BAD, ...FILES_BAD, ...ROUND_BAD])('$name', async one => {
    const { decision, reasons } = await judged(one)
    expect(decision, JSON.stringify(reasons)).not.toBe('accept')
    expect(reasons.map(({ rule }) => rule)).toContain(one.bad)
  })
})

describe('harmless changes are accepted', () => {
  test.each([...SCHEMA_FINE, ...CODE_FINE, ...ROUND_FINE])('$name', async one => {
    expect(await judged(one)).toEqual({ decision: 'accept', reasons: [] })
  })
})
