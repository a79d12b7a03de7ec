import { describe, expect, it } from 'vitest'
import { matchesGlob } from './glob.ts'

describe('matchesGlob', () => {
  it.each([
    ['src/app/page.tsx', 'src/app/page.tsx', true],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/lib/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/lib/deep/a.ts', true],
    ['**/admin/**', 'src/app/admin/page.tsx', true],
    ['src/admin', 'src/admin/page.tsx', true],
    ['src/admin/', 'src/admin/page.tsx', true],
    ['src/admin', 'src/administration/page.tsx', false],
    ['./src/*.{ts,tsx}', 'src/a.tsx', true],
    ['src/app/(shop)/[slug]/*', 'src/app/(shop)/[slug]/page.tsx', true],
    ['src/app/[slug]/page.tsx', 'src/app/s/page.tsx', false],
    ['file?.ts', 'file1.ts', true],
    ['*', 'anything.ts', true],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(matchesGlob(pattern, path)).toBe(expected)
  })

  it('answers a hostile pattern at once', () => {
    expect(matchesGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false)
    expect(matchesGlob('{a,b}'.repeat(50), 'x')).toBe(false)
  })
})
