import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { excerptReader } from './excerpt.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'excerpt-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function numbered(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}`).join('\n')
}

describe('excerptReader', () => {
  it('gives the place and three lines around it', () => {
    writeFileSync(join(root, 'a.ts'), numbered(20))
    expect(excerptReader(root)({ file: 'a.ts', line: 10, endLine: 11 })).toEqual({
      startLine: 7,
      lines: ['line 7', 'line 8', 'line 9', 'line 10', 'line 11', 'line 12', 'line 13', 'line 14'],
    })
  })

  it('stays within the file and within sixteen lines', () => {
    writeFileSync(join(root, 'a.ts'), numbered(40))
    expect(excerptReader(root)({ file: 'a.ts', line: 1 })?.lines).toHaveLength(4)
    expect(excerptReader(root)({ file: 'a.ts', line: 5, endLine: 40 })?.lines).toHaveLength(16)
  })

  it('masks secrets, also those that begin above it', () => {
    const body = 'A1'.repeat(32)
    writeFileSync(
      join(root, 'a.ts'),
      `-----BEGIN ${'PRIVATE'} KEY-----\n${`${body}\n`.repeat(9)}-----END ${'PRIVATE'} KEY-----\nend`,
    )
    expect(excerptReader(root)({ file: 'a.ts', line: 8 })?.lines.join('')).not.toContain(body)
  })

  it('reads UTF-16', () => {
    writeFileSync(join(root, 'a.ts'), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('one\ntwo', 'utf16le')]))
    expect(excerptReader(root)({ file: 'a.ts', line: 2 })?.lines).toEqual(['one', 'two'])
  })

  it('is none for a file or a line that is not there', () => {
    writeFileSync(join(root, 'a.ts'), 'one')
    expect(excerptReader(root)({ file: 'a.ts', line: 2 })).toBeUndefined()
    expect(excerptReader(root)({ file: 'b.ts', line: 1 })).toBeUndefined()
  })
})
