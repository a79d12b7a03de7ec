import { describe, expect, it } from 'vitest'
import { assertShallow } from './nesting.ts'

/** Far more than the native parser's stack holds. */
const DEEP = 200_000

describe('text that no parser should be given', () => {
  it.each<[string, string]>([
    ['parentheses', `x = ${'('.repeat(DEEP)}1`],
    ['brackets', `x = ${'['.repeat(DEEP)}`],
    ['types', `type A = ${'['.repeat(DEEP)}`],
    ['blocks', '{'.repeat(DEEP)],
    ['elements', `x = ${'<a>'.repeat(DEEP)}`],
    ['elements, one a line', `x = ${'<a>\n'.repeat(DEEP)}`],
    ['fragments', `x = ${'<>'.repeat(DEEP)}`],
    ['template literals', `x = ${'`${'.repeat(DEEP)}1`],
    ['sums', `x = ${'1+'.repeat(DEEP)}1`],
    ['sums, one term a line', `x = ${'1 +\n'.repeat(DEEP)}1`],
    ['negations', `x = ${'!'.repeat(DEEP)}1`],
    ['properties', `x${'.a'.repeat(DEEP)}`],
    ['properties, one a line', `x${'\n.a'.repeat(DEEP)}`],
    ['calls', `x${'()'.repeat(DEEP)}`],
    ['arrow functions', `x = ${'a=>'.repeat(DEEP)}1`],
    ['conditional expressions', `x = ${'a?b:'.repeat(DEEP)}1`],
    ['assignments', `${'a='.repeat(DEEP)}1`],
    ['branches', `${'if(a)\n'.repeat(DEEP)};`],
    ['else', `${'if(a);else '.repeat(DEEP)};`],
  ])('is refused: %s', (_name, text) => {
    expect(() => assertShallow(text)).toThrow(RangeError)
  })
})

describe('text that is merely long', () => {
  it.each<[string, string]>([
    ['statements', 'f(a.b, [c], { d: `e` })\n'.repeat(20_000)],
    ['statements with semicolons', 'f(a.b + 1); '.repeat(20_000)],
    ['a list of objects', `x = [${"{ a: 1, b: -2, c: d.e ? 'f' : g },\n".repeat(20_000)}]`],
    ['elements', `x = <p>${"<b className='c'>don't</b>\n<br />\n".repeat(5_000)}</p>`],
    ['generic types', 'const a: Map<string, Array<B<C>>> = new Map<string, Array<B<C>>>()\n'.repeat(5_000)],
    [
      'brackets in strings, comments and regular expressions',
      "a = '((((' // ((((\n/* {{{{ */ b = /\\(\\[/\n".repeat(5_000),
    ],
  ])('is accepted: %s', (_name, text) => {
    expect(() => assertShallow(text)).not.toThrow()
  })
})
