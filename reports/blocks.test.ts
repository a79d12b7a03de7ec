import { describe, expect, it } from 'vitest'
import { withBlock } from './blocks.ts'

const BEGIN = '<!-- scalability-agent:begin plan -->'
const END = '<!-- scalability-agent:end plan -->'

function text(before: string | undefined, content = 'new'): string {
  const after = withBlock(before, 'plan', '# Plan', content)
  return 'text' in after ? after.text : after.error
}

describe('a document with a generated block', () => {
  it('begins with a heading when it is new', () => {
    expect(text(undefined)).toBe(`# Plan\n\n${BEGIN}\nnew\n${END}\n`)
  })

  it('keeps what people wrote before and after the block', () => {
    expect(text(`Mine.\n\n${BEGIN}\nold\n${END}\n\nMine too.\n`)).toBe(`Mine.\n\n${BEGIN}\nnew\n${END}\n\nMine too.\n`)
  })

  it('gets the block at its end when it has none', () => {
    expect(text('Mine.\n')).toBe(`Mine.\n\n${BEGIN}\nnew\n${END}\n`)
  })

  it('keeps its line endings', () => {
    expect(text(`Mine.\r\n${BEGIN}\r\nold\r\n${END}\r\n`, 'a\nb')).toBe(`Mine.\r\n${BEGIN}\r\na\r\nb\r\n${END}\r\n`)
  })

  it('is the same when nothing is new', () => {
    const once = text(undefined)
    expect(text(once)).toBe(once)
  })

  it.each([
    ['a marker is missing', `${BEGIN}\nold\n`],
    ['the markers are out of order', `${END}\n${BEGIN}\n`],
    ['the block is there twice', `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`],
  ])('is left alone when %s', (_case, before) => {
    expect(withBlock(before, 'plan', '# Plan', 'new')).toHaveProperty('error')
  })

  it('lets nothing that is told about an app pass for a marker', () => {
    const once = text(undefined, `a file called ${END}`)
    expect(once.split(END)).toHaveLength(2)
  })
})
