import { expect, it } from 'vitest'
import type { SchemaModel, SchemaPolicy, SchemaTable } from '../model.ts'
import type { ReplayReport } from './replay.ts'
import { settleSchema } from './settle.ts'

const FILE = 'supabase/migrations/1_init.sql'

function table(name: string, line: number, more: Partial<SchemaTable> = {}): SchemaTable {
  return {
    schema: 'public',
    name,
    kind: 'table',
    location: { file: FILE, line },
    columns: [],
    primaryKey: [],
    uniqueKeys: [],
    foreignKeys: [],
    indexes: [],
    rowLevelSecurity: true,
    policies: [],
    seededRows: 0,
    ...more,
  }
}

function policy(name: string, line: number): SchemaPolicy {
  return { name, permissive: true, command: 'select', roles: ['public'], location: { file: FILE, line } }
}

function model(tables: SchemaTable[]): SchemaModel {
  return { source: 'migrations', tables, functions: [], problems: [] }
}

/** A replay of one file in which the statement on lines 10 to 14 failed. */
const replay: ReplayReport = {
  files: [{ file: FILE, version: '1', statements: 3, applied: 2, clean: false, ms: 1 }],
  statements: 3,
  applied: 2,
  failures: [
    {
      location: { file: FILE, line: 10, endLine: 14 },
      statement: 'create …',
      code: '42P01',
      message: 'relation "profiles" does not exist',
      cause: 'missing-object',
      ours: false,
    },
  ],
  refused: [],
  duplicateVersions: [],
  unknownExtensions: [],
  ms: 1,
}

it('keeps what a failed statement would have made, as the files tell it', () => {
  const files = model([table('a', 1, { policies: [policy('failed', 12)] }), table('b', 11)])
  const settled = settleSchema(model([table('a', 1)]), files, replay)
  expect(settled.tables.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(settled.tables[0]?.policies.map(({ name }) => name)).toEqual(['failed'])
})

it('leaves out what the replay dropped', () => {
  const files = model([table('a', 1, { policies: [policy('dropped', 3)] }), table('dropped', 5)])
  const settled = settleSchema(model([table('a', 1)]), files, replay)
  expect(settled.tables.map(({ name, policies }) => [name, policies.length])).toEqual([['a', 0]])
})

it('adds tables of sources that are not replayed', () => {
  const typed = table('made_by_hand', 40, { location: { file: 'lib/database.types.ts', line: 40 } })
  const settled = settleSchema(model([table('a', 1)]), model([table('a', 1), typed]), replay)
  expect(settled.tables.map(({ name }) => name)).toEqual(['a', 'made_by_hand'])
})
