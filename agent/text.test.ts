import { describe, expect, it } from 'vitest'
import { nearMisses, oneLine } from './text.ts'

describe('oneLine', () => {
  it('takes line breaks and escape sequences out', () => {
    expect(oneLine('a\nb\u001b[2Jc\u202ed')).toBe('a b [2Jc d')
  })

  it('cuts what is too long', () => {
    expect(oneLine('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`)
  })
})

describe('nearMisses', () => {
  const names = ['database/unbounded-query', 'database/n-plus-one', 'api/missing-timeout', 'api/missing-auth-check']

  it('finds a name with a typing error', () => {
    expect(nearMisses('database/unbouned-query', names)).toEqual(['database/unbounded-query'])
  })

  it('finds a name by its last part', () => {
    expect(nearMisses('n-plus-on', names)).toEqual(['database/n-plus-one'])
  })

  it('suggests nothing for something else', () => {
    expect(nearMisses('zebra', names)).toEqual([])
  })
})
