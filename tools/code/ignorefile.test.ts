import { describe, expect, it } from 'vitest'
import { compileGlob, isIgnored, parseIgnoreRules } from './ignorefile.ts'

describe('globs', () => {
  it.each([
    ['apps/*', 'apps/web', true],
    ['apps/*', 'apps/web/src', false],
    ['**/test', 'test', true],
    ['**/test', 'a/b/test', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['*.{ts,tsx}', 'a.tsx', true],
    ['*.{ts,tsx}', 'a.js', false],
    ['{a,b{c,d}}', 'bd', true],
    ['[a-c]?.ts', 'bx.ts', true],
    ['[!a-c].ts', 'b.ts', false],
    ['a.ts', 'abts', false],
    ['\\*.ts', '*.ts', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
  ])('%s on %s: %s', (glob, path, expected) => {
    expect(compileGlob(glob)(path)).toBe(expected)
  })

  it('take little time on patterns made to take long', () => {
    expect(compileGlob(`${'*a'.repeat(100)}b`)('a'.repeat(5000))).toBe(false)
    expect(compileGlob(`${'**/a/'.repeat(100)}b`)('a/'.repeat(2000))).toBe(false)
    expect(compileGlob('{a,b}'.repeat(100))('a')).toBe(false)
  })
})

describe('.gitignore', () => {
  const ignored = (text: string, path: string, isFolder = false) =>
    isIgnored(parseIgnoreRules(text, ''), path, isFolder)

  it('matches names without a slash at any depth, others from the top', () => {
    expect(ignored('secret.ts', 'a/b/secret.ts')).toBe(true)
    expect(ignored('/secret.ts', 'a/secret.ts')).toBe(false)
    expect(ignored('a/secret.ts', 'b/a/secret.ts')).toBe(false)
  })

  it('matches folders only where a slash ends the pattern', () => {
    expect(ignored('out/', 'out')).toBe(false)
    expect(ignored('out/', 'out', true)).toBe(true)
  })

  it('lets the last match win', () => {
    expect(ignored('*.ts\n!keep.ts', 'keep.ts')).toBe(false)
    expect(ignored('!keep.ts\n*.ts', 'keep.ts')).toBe(true)
  })

  it('has comments, blank lines and escapes', () => {
    expect(ignored('# a.ts\n\n', 'a.ts')).toBe(false)
    expect(ignored('\\#a.ts', '#a.ts')).toBe(true)
  })

  it('holds below its own folder only', () => {
    const rules = parseIgnoreRules('*.ts', 'packages/a')
    expect([isIgnored(rules, 'packages/a/x.ts', false), isIgnored(rules, 'packages/b/x.ts', false)]).toEqual([
      true,
      false,
    ])
  })
})
