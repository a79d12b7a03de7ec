import { expect, test } from 'vitest'
import { HOSTILE } from './fixtures/hostile.ts'
import { columns, harmless, list, oneLine, thousands, truncate, wrap } from './text.ts'

test('escape sequences and control characters are gone', () => {
  expect(oneLine(HOSTILE.ansi)).toBe('fake red click')
  expect(oneLine(HOSTILE.bell)).toBe('be ll nul1')
  expect(oneLine(HOSTILE.newline)).toBe('first second ::error::forged # heading | cell |')
})

test('characters that reorder or hide text are spelled out', () => {
  expect(oneLine(HOSTILE.rtl)).toBe('user<U+202E><U+2066>// only admins<U+2069><U+2066> access')
  expect(oneLine(HOSTILE.zeroWidth)).toBe('pass<U+200B>word')
})

test('source keeps its lines, tabs and spaces', () => {
  expect(harmless('if (a)\r\n\t  b\u001b[31m')).toBe('if (a)\n\t  b')
})

test('half a surrogate pair becomes a replacement character', () => {
  expect(oneLine('a\ud83d b')).toBe('a\ufffd b')
  expect(truncate('🙂🙂🙂🙂🙂', 3)).toBe('🙂🙂…')
})

test('a wide character takes two columns, a combining one none', () => {
  expect(columns('日本e\u0301🙂')).toBe(7)
})

test('lines break at spaces and words stay whole', () => {
  expect(wrap('aa bb cc a-word-that-is-too-long d', 8)).toEqual(['aa bb cc', 'a-word-that-is-too-long', 'd'])
})

test('numbers and lists read the same on every machine', () => {
  expect([999, 1204, 1234567, 1234.5].map(thousands)).toEqual(['999', '1,204', '1,234,567', '1,234.5'])
  expect([list([]), list(['a']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c'])
})
