import { describe, expect, it } from 'vitest'
import type { AppModel } from './model.ts'
import { modelOf } from './model-of.ts'

const repeated = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

function nested(depth: number, around: (i: number, inner: string) => string, core: string): string {
  let text = core
  for (let i = depth - 1; i >= 0; i--) text = around(i, text)
  return text
}

/** A page with that body beside a page that reads a table; the latter must be found whatever the former does. */
function modelBeside(body: string): Promise<AppModel> {
  const hostile = `import { createClient } from '@/lib/server'
export default async function Page({ searchParams }: any) {
  const db = await createClient()
  const q = (await searchParams).q
  ${body}
  return <p />
}
`
  const plain = `import { createClient } from '@/lib/server'
export default async function Page() {
  const db = await createClient()
  return <p>{(await db.from('plain').select('*').limit(3)).data}</p>
}
`
  return modelOf({ 'app/hostile/page.tsx': hostile, 'app/plain/page.tsx': plain })
}

const DOUBLED: [string, string][] = [
  ['text by +', 's = s + s'],
  ['text by +=', 's += s'],
  ['text by a template', `s = \`\${s}\${s}\``],
  ['text by concat', 's = s.concat(s)'],
  ['text by join', "s = [s, s].join(',')"],
  ['text by replaceAll', "s = s.replaceAll('a', 'aa')"],
  ['a list by spread', 's = [...s, ...s]'],
  ['a list by concat', 's = s.concat(s)'],
  ['a list of lists', 's = [s, s]'],
  ['an object', 's = { a: s, b: s }'],
]

const DEEP: [string, string][] = [
  ['for-of', nested(24, (i, inner) => `for (const x${i} of q) { ${inner} }`, "await db.from('x').select()")],
  [
    'for-of that assigns',
    `let a: any = 1\n${nested(24, (i, inner) => `for (const x${i} of q) { a = x${i} ? 'v${i}' : a\n${inner} }`, 'await db.from(a).select()')}`,
  ],
  [
    'for-of that mutates',
    `const a: any = {}\n${nested(24, (i, inner) => `for (const x${i} of q) { a.k${i} = x${i}\n${inner} }`, "await db.from('x').insert(a)")}`,
  ],
  [
    'while that assigns',
    `let a: any = 1\n${nested(24, (i, inner) => `while (q.x${i}) { a = a ? 'v${i}' : q\n${inner} }`, 'await db.from(a).select()')}`,
  ],
  [
    'map that assigns',
    `let a: any = 1\n${nested(14, (i, inner) => `q.map(async (x${i}: any) => { a = x${i} ? 'v${i}' : a\n${inner} })`, 'await db.from(a).select()')}`,
  ],
  [
    'switch that falls through',
    nested(8, (i, inner) => `switch (q.x${i}) { case 1: ${inner}\ncase 2: if (q.y) break\ncase 3: q.n++ }`, 'q.n++'),
  ],
  [
    'try',
    nested(22, (_, inner) => `try { ${inner} } catch (e) { q.y() } finally { q.z() }`, "await db.from('x').select()"),
  ],
  [
    'conditional',
    `const v = ${nested(60, (i, inner) => `(q.a${i} ? { l: ${inner}, i: ${i} } : { r: q.b${i} })`, 'q')}\nawait db.from('x').insert(v)`,
  ],
]

describe('an app with a hostile page', () => {
  it.each(DOUBLED)('doubles %s', async (what, statement) => {
    const start = what.startsWith('text') ? "'abcdefgh'" : '[1, 2, 3] as any'
    const model = await modelBeside(
      `let s = ${start}\n${repeated(30, () => statement)}\nawait db.from(String(s)).insert(s)`,
    )
    expect(tables(model)).toContain('plain')
    expect(model.unfollowed).toBe(0)
  })

  it.each(DEEP)('nests %s', async (_what, body) => {
    const model = await modelBeside(body)
    expect(tables(model)).toContain('plain')
  })

  it('names the loops that were not followed in every state', async () => {
    const { problems, unfollowed } = await modelBeside(DEEP[1]![1])
    expect(unfollowed).toBeGreaterThan(0)
    expect(problems).toContainEqual({
      message: expect.stringMatching(/^loops are nested too deeply/),
      file: 'app/hostile/page.tsx',
      line: expect.any(Number),
    })
  })

  it('gives up what takes too many steps, says so, and claims nothing about it', async () => {
    // Every argument is another one, so nothing that was found out about a function can be used again.
    const inner = nested(8, (i, text) => `for (const x${i} of q) { n = [n, x${i}]; ${text} }`, 'n = q.z\n'.repeat(2000))
    const model = await modelBeside(`let n: any = q\n${inner}\n${inner}\n${inner}\n${inner}\n${inner}`)
    expect(tables(model)).toContain('plain')
    expect(model.unfollowed).toBe(1)
    expect(model.problems).toMatchObject([
      { message: expect.stringMatching(/^takes too many steps/), file: 'app/hostile/page.tsx' },
    ])
  })

  it('follows ten thousand statements one after the other', async () => {
    const body = repeated(3000, i => `let v${i}: any = q.a; for (const x of q) { v${i} = x ? 'v' : [v${i}] }`)
    expect(tables(await modelBeside(`${body}\nawait db.from('x').insert(v2999)`))).toEqual(['plain', 'x'])
  })

  it('survives names of Object.prototype', async () => {
    const model = await modelBeside(`const o: any = { __proto__: { a: 1 }, constructor: q, toString: q }
  await db.from(o.constructor).select(o.__proto__)
  await db.from('__proto__').select('constructor, toString(valueOf)')`)
    expect(tables(model)).toEqual(['__proto__', 'plain'])
  })

  it('survives selections without an end', async () => {
    const model = await modelBeside(`await db.from('x').select('${'a(b(c('.repeat(3000)}')
  await db.from('y').select('${'a,'.repeat(50_000)}')`)
    expect(tables(model)).toEqual(['plain', 'x', 'y'])
  })
})

function tables(model: AppModel): string[] {
  return [...new Set(model.accesses.flatMap(({ table }) => table ?? []))].sort()
}
