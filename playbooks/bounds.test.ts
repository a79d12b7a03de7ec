import { describe, expect, test } from 'vitest'
import type { AccessDraft, DataAccess } from '../tools/code/model.ts'
import type { SchemaModel } from '../tools/schema/model.ts'
import { boundOf } from './bounds.ts'

/** A read of `posts` filtered by equality with one column. */
function readBy(column: string): DataAccess {
  const shape = { op: 'select', table: 'posts', filters: [{ column, op: 'eq', meta: undefined, constant: false }] }
  return { table: 'posts', schema: undefined, shapes: [shape as unknown as AccessDraft] } as DataAccess
}

function schemaWith(table: object): SchemaModel {
  return { source: 'migrations', tables: [{ schema: 'public', name: 'posts', kind: 'table', ...table }] } as SchemaModel
}

describe('equality with one column', () => {
  const schema = schemaWith({ uniqueKeys: [['id'], ['permalink']] })

  test('bounds a read where the schema has a key of that column', () => {
    expect(boundOf(readBy('permalink'), schema)).toBe('unique-key')
  })

  test('bounds nothing where the schema has no such key, whatever the column is called', () => {
    expect(boundOf(readBy('slug'), schema)).toBe('none')
  })

  test('is undecided for a column that sounds like a key when there is no schema', () => {
    expect(boundOf(readBy('slug'), undefined)).toBe('unknown')
  })

  test('is a key for id where only generated types are known', () => {
    expect(boundOf(readBy('id'), schemaWith({ uniqueKeys: [], unknown: ['uniqueKeys'] }))).toBe('unique-key')
  })
})
