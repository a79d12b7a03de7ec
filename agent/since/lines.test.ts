import { describe, expect, it } from 'vitest'
import { changedLines } from './lines.ts'

function changes(older: string, newer: string): string {
  const { changed, removedBefore } = changedLines([...older].join('\n'), [...newer].join('\n'))
  return `${[...changed].join(',')}|${[...removedBefore].join(',')}`
}

describe('changedLines', () => {
  it.each([
    ['abc', 'abc', '|'],
    ['abc', 'aXc', '2|'],
    ['abc', 'abXc', '3|'],
    ['abc', 'ac', '|2'],
    ['abc', 'ab', '|3'],
    ['abc', 'bc', '|1'],
    ['abcdef', 'aXcdf', '2|5'],
    ['abcabba', 'cbabac', '2,6|1,5'],
    ['', 'ab', '1,2|'],
  ])('%s → %s: %s', (older, newer, expected) => {
    expect(changes(older, newer)).toBe(expected)
  })

  it('does not take other line endings for a change', () => {
    expect(changedLines('a\nb\nc', 'a\r\nB\r\nc').changed).toEqual(new Set([2]))
  })

  it('agrees with what a diff must satisfy on random texts', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let round = 0; round < 200; round++) {
      const older = Array.from({ length: random(12) }, () => 'abc'[random(3)]!)
      const newer = Array.from({ length: random(12) }, () => 'abc'[random(3)]!)
      const { changed } = changedLines(older.join('\n'), newer.join('\n'))
      const kept = newer
        .join('\n')
        .split('\n')
        .filter((_, index) => !changed.has(index + 1))
      expect(isSubsequence(kept, older.join('\n').split('\n'))).toBe(true)
    }
  })

  it('answers at once when everything differs', () => {
    const lines = (prefix: string): string => Array.from({ length: 20_000 }, (_, index) => prefix + index).join('\n')
    expect(changedLines(lines('a'), lines('b')).changed.size).toBe(20_000)
  })
})

function isSubsequence(part: string[], whole: string[]): boolean {
  let at = 0
  for (const item of whole) if (at < part.length && part[at] === item) at++
  return at === part.length
}
