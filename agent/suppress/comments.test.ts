import { ts } from 'ts-morph'
import { describe, expect, it } from 'vitest'
import { lineComments, sqlComments } from './plain.ts'
import { scriptComments } from './script.ts'

/** Lines that the first suppression of the text covers, e.g. "2, 3-5". */
function covered(text: string, path = 'a.tsx'): string {
  const comments = path.endsWith('.sql') ? sqlComments(text) : scriptComments(ts, path, text)
  const lines = comments[0]?.covers.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
  return lines?.join(', ') ?? 'none'
}

const IGNORE = 'scalability-ignore database/unbounded-query: twelve rows'

describe('scriptComments', () => {
  it('reads playbooks and reason', () => {
    const text = '// scalability-ignore database/unbounded-query, exact-count: a lookup table: twelve rows\nload()\n'
    expect(scriptComments(ts, 'a.ts', text)).toMatchObject([
      { line: 1, playbooks: ['database/unbounded-query', 'exact-count'], reason: 'a lookup table: twelve rows' },
    ])
  })

  it('notices that the reason is missing', () => {
    const text = '// scalability-ignore database/unbounded-query because it is small\nload()\n'
    expect(scriptComments(ts, 'a.ts', text)).toMatchObject([{ playbooks: ['database/unbounded-query'], reason: '' }])
  })

  it.each([
    ['the line below', `// ${IGNORE}\nload()\nmore()`, '1, 2'],
    ['its own line', `load() // ${IGNORE}\nmore()`, '1, 2'],
    ['a statement of several lines', `// ${IGNORE}\nconst x = await db\n  .from('x')\n  .select()\nmore()`, '1, 2-4'],
    ['a call within a chain', `const x = await db\n  // ${IGNORE}\n  .from('x')\n  .select()`, '2, 3'],
    [
      'the head of a function, not its body',
      `/* ${IGNORE} */\nexport async function f(\n  a: string,\n) {\n  load()\n}`,
      '1, 2-4',
    ],
    ['the head of an arrow function', `// ${IGNORE}\nexport const f = async () => {\n  load()\n}`, '1, 2'],
    ['across other comments', `// ${IGNORE}\n// and a note\n\nload()`, '1, 4'],
    ['an element of JSX', `const a = <ul>\n  {/* ${IGNORE} */}\n  <List\n    load={load}\n  />\n</ul>`, '2, 3-5'],
    ['an attribute of JSX', `const a = <List\n  // ${IGNORE}\n  load={load}\n/>`, '2, 3'],
    ['nothing beyond the end of a block', `{\n  load()\n  // ${IGNORE}\n}\nmore()`, '3, 4'],
    ['a block comment of several lines', `/*\n * ${IGNORE}\n * more\n */\nload()`, '2-4, 5'],
  ])('covers %s', (_what, text, lines) => {
    expect(covered(text)).toBe(lines)
  })

  it.each([
    ['above one statement', (n: number) => `// ${IGNORE}\n`.repeat(n)],
    ['above one each', (n: number) => `// ${IGNORE}\nload()\n`.repeat(n)],
    ['in one line', (n: number) => `/* ${IGNORE} */ `.repeat(n)],
    ['in a chain', (n: number) => `a${` /* ${IGNORE} */ .b()`.repeat(n)}`],
    ['in a sum', (n: number) => `a${` + /* ${IGNORE} */ b`.repeat(n)}`],
    ['in JSX', (n: number) => `const a = <p>${`{/* ${IGNORE} */}\n`.repeat(n)}</p>`],
    ['in documentation', (n: number) => `${`/** ${IGNORE} */\n`.repeat(n)}load()`],
    ['in one comment', (n: number) => `/*${` ${IGNORE}\n`.repeat(n)}*/ load()`],
    ['at all levels', (n: number) => `${`[/* ${IGNORE} */`.repeat(n / 40)}${']'.repeat(n / 40)}`],
  ])('reads twenty thousand comments %s', (_where, text) => {
    expect(scriptComments(ts, 'a.tsx', text(20_000)).length).toBeGreaterThanOrEqual(500)
  })

  it.each([
    ['above one statement', `-- ${IGNORE}\n`],
    ['above one each', `-- ${IGNORE}\nselect 1;\n`],
    ['in one line', `/* ${IGNORE} */`],
    ['among quotes of a body without an end', `$a$ '' "" -- ${IGNORE}\n`],
  ])('reads twenty thousand comments of SQL %s', (_where, text) => {
    expect(sqlComments(text.repeat(20_000))).toHaveLength(20_000)
  })

  it('reads twenty thousand lines of comments', () => {
    expect(lineComments(`# ${IGNORE}\n`.repeat(20_000), '#')).toHaveLength(20_000)
  })

  it('covers nothing behind an empty block', () => {
    expect(covered(`{\n  // ${IGNORE}\n}\nmore()`)).toBe('2, 3')
  })

  it.each([
    ['a string', `const a = '// ${IGNORE}'\nload()`],
    ['a template', `const a = \`\n// ${IGNORE}\n\`\nload()`],
    ['text of JSX', `const a = <p>\n// ${IGNORE}\n</p>`],
    ['a URL in an attribute', `const a = <a href="// ${IGNORE}">x</a>`],
    ['a sentence that mentions it', `// see scalability-ignore database/x: reason\nload()`],
    ['another word', `// scalability-ignored-things database/x: reason\nload()`],
  ])('is not fooled by %s', (_what, text) => {
    expect(covered(text)).toBe('none')
  })

  it('survives a file that does not parse', () => {
    expect(covered(`// ${IGNORE}\nconst = = (\n`)).toBe('1, 2')
  })
})

describe('sqlComments', () => {
  it.each([
    ['a statement', `-- ${IGNORE}\ncreate table t (\n  id int\n);\nselect 1;`, '1, 2-4'],
    ['its own line', `create table t (\n  a int, -- ${IGNORE}\n  b int\n);`, '2, 3-4'],
    ['a function with a body', `/* ${IGNORE} */\ncreate function f() as $$\nselect 1;\n$$;\nselect 2;`, '1, 2-4'],
    ['a statement after quotes', `select 'it''s', '--';\n-- ${IGNORE}\nselect 1;`, '2, 3'],
    ['the inside of a body', `do $do$ begin\n  -- it's fine\n  -- ${IGNORE}\n  perform 1;\nend $do$;`, '3, 4-5'],
  ])('covers %s', (_what, text, lines) => {
    expect(covered(text, 'a.sql')).toBe(lines)
  })

  it('is not fooled by a string', () => {
    expect(covered(`insert into t values ('-- ${IGNORE}');`, 'a.sql')).toBe('none')
  })
})

describe('lineComments', () => {
  it('covers its line and the next with code', () => {
    const text = `[api]\n# ${IGNORE}\n\nmax_rows = 1000\n`
    expect(lineComments(text, '#')).toMatchObject([{ line: 2, covers: [{ first: 2 }, { first: 4, last: 4 }] }])
  })

  it('is not fooled by a string', () => {
    expect(lineComments(`a = "# ${IGNORE}"`, '#')).toEqual([])
  })
})
