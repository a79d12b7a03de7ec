import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeIgnoredFolder, writeFilesAtomically } from './folders.ts'

let base: string
let root: string

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'folders-')))
  root = join(base, 'repository')
  mkdirSync(root)
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

describe('makeIgnoredFolder', () => {
  it('makes a folder that git ignores', () => {
    makeIgnoredFolder(root, join(root, 'report'))
    expect(readFileSync(join(root, 'report/.gitignore'), 'utf8')).toBe('*\n')
  })

  it('leaves a folder that is there as it is', () => {
    mkdirSync(join(root, 'report'))
    makeIgnoredFolder(root, join(root, 'report'))
    expect(readdirSync(join(root, 'report'))).toEqual([])
  })

  it.each(['report', 'report/deeper'])('does not follow a link of the repository to %s', folder => {
    const elsewhere = join(base, 'elsewhere')
    mkdirSync(elsewhere)
    symlinkSync(elsewhere, join(root, 'report'))
    expect(() => makeIgnoredFolder(root, join(root, folder))).toThrow(/report is a link/)
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it('says when the name is taken by a file', () => {
    writeFileSync(join(root, 'report'), '')
    expect(() => makeIgnoredFolder(root, join(root, 'report'))).toThrow(
      /is not a folder; choose another one with --out/,
    )
  })
})

describe('writeFilesAtomically', () => {
  it('replaces a link instead of writing through it', () => {
    const target = join(base, 'target')
    writeFileSync(target, 'before')
    symlinkSync(target, join(root, 'a.json'))
    writeFilesAtomically(root, [{ name: 'a.json', text: 'after' }])
    expect(readFileSync(join(root, 'a.json'), 'utf8')).toBe('after')
    expect(readFileSync(target, 'utf8')).toBe('before')
  })

  it('leaves nothing behind when it fails', () => {
    mkdirSync(join(root, 'b.json'))
    writeFileSync(join(root, 'b.json/x'), '')
    expect(() => writeFilesAtomically(root, [{ name: 'b.json', text: '' }])).toThrow(/b\.json: cannot be written/)
    expect(readdirSync(root)).toEqual(['b.json'])
  })
})
