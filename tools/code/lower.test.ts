import { describe, expect, it } from 'vitest'
import type { FunctionIR, Stmt } from './ir.ts'
import { lowerFile } from './lower.ts'

describe('imports and exports', () => {
  it('leaves out what is only a type', () => {
    const ir = lowerFile(
      'a.ts',
      `import type A from 'a'
import type { B } from 'b'
import type * as C from 'c'
import { type D, E, F as G } from 'd'
import type, { H } from 'h'
import 'effect'
import {} from 'nothing'
export type { I } from 'i'
export { type J, K as L } from 'j'
export * from 'm'
export * as n from 'n'
`,
    )
    expect(ir.imports.map(i => `${i.local}=${i.spec}#${i.name}`)).toEqual(['E=d#E', 'G=d#F', 'type=h#default', 'H=h#H'])
    expect(ir.effects).toEqual(['effect'])
    expect(ir.exports.map(e => `${e.name}=${e.spec}#${e.imported}`)).toEqual(['L=j#K', 'n=n#*'])
    expect(ir.stars).toEqual(['m'])
  })

  it('knows where an exported declaration begins and ends', () => {
    const ir = lowerFile(
      'a.ts',
      `\nexport default async function () {\n  return 1\n}\nexport const { a, b: [c] } = x\n`,
    )
    expect(ir.exports).toEqual([
      { name: 'default', local: '*default*', l: 2, el: 4 },
      { name: 'a', local: 'a', l: 5, el: 5 },
      { name: 'c', local: 'c', l: 5, el: 5 },
    ])
    expect(functionOf(ir.body[0])).toMatchObject({ n: '*default*', async: 1, l: 2, el: 4 })
  })
})

describe('what only the types say', () => {
  it.each([
    ['(a: FormData) {}', 'FormData'],
    ['(a?: Map<string, (x: number) => void>, b) {}', 'Map<string, (x: number) => void>'],
    ['(a: { b: string } = {}) {}', '{ b: string }'],
    ['(...a: string[]): Promise<FormData> {}', 'string[]'],
    ['({ b }: Props) {}', 'Props'],
    ['(a) {}', undefined],
  ])('type of the first parameter: %s', (signature, ty) => {
    const [statement] = lowerFile('a.ts', `function f${signature}`).body
    expect(functionOf(statement)?.p[0]?.ty).toBe(ty)
  })

  it.each([
    ['(v: unknown): v is X { return true }', 1],
    ['(this: X): this is Y { return true }', 1],
    ['(v: unknown): asserts v is X {}', undefined],
    ["(v: unknown): string { return 'it is' }", undefined],
  ])('type guards: %s', (signature, guard) => {
    expect(functionOf(lowerFile('a.ts', `function f${signature}`).body[0])?.guard).toBe(guard)
  })

  it('makes fields of parameters with a modifier', () => {
    const [statement] = lowerFile(
      'a.ts',
      'class A { constructor(private readonly db: Db, public x = 1, y?: string) {} }',
    ).body
    const members = statement?.k === 'cls' ? statement.d.members : []
    expect(members.map(m => `${m.kind} ${m.n}`)).toEqual(['ctor constructor', 'field db', 'field x'])
  })
})

describe('texts of all kinds', () => {
  it('reads Flow annotations in JavaScript', () => {
    const ir = lowerFile('a.js', 'export function f(a: string): void { return <div /> }')
    expect(ir.error).toBeUndefined()
    expect(ir.exports[0]?.name).toBe('f')
  })

  it('names the first syntax error', () => {
    expect(lowerFile('a.ts', 'const a = 1\nconst b = ;\n').error).toMatchObject({ line: 2 })
  })

  it('counts lines as the language does', () => {
    const ir = lowerFile('a.ts', 'a()\r\nb()\rc()\u2028"é😀"; d()\n')
    expect(ir.body.map(s => ('l' in s ? s.l : 0))).toEqual([1, 2, 3, 4, 4])
  })
})

function functionOf(statement: Stmt | undefined): FunctionIR | undefined {
  return statement?.k === 'fn' ? statement.d : undefined
}
