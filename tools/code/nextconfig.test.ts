import { expect, it } from 'vitest'
import { readNextConfig } from './nextconfig.ts'
import type { NextConfigFacts } from './workspace.ts'

function facts(text: string): NextConfigFacts {
  return readNextConfig('next.config.ts', text, () => {})
}

it.each([
  'export default { cacheComponents: true }',
  'module.exports = { cacheComponents: true }',
  'const nextConfig: NextConfig = { cacheComponents: true }\nexport default nextConfig',
  'const nextConfig = { cacheComponents: true } satisfies NextConfig\nexport { nextConfig as default }',
  'const nextConfig = { cacheComponents: true }\nexport default withSentryConfig(nextConfig, { org: "x" })',
  'const withMDX = createMDX({ extension: /mdx/ })\nexport default withMDX({ cacheComponents: true })',
  'const c = { cacheComponents: true }\nexport default withBundleAnalyzer({ enabled: true })(withMDX()(c))',
  'const base = { cacheComponents: true }\nexport default { ...base, images: {} }',
  'export default function config() { const c = { cacheComponents: true }; return c }',
  'export default async (phase) => ({ cacheComponents: true })',
  'export default process.env.CI ? withX({ cacheComponents: true }) : { cacheComponents: true }',
  'const nextConfig = {}\nnextConfig.cacheComponents = true\nmodule.exports = nextConfig',
  'const on = true\nexport default { cacheComponents: on }',
  'export default { experimental: { dynamicIO: true } }',
  'export default defineConfig(Object.assign({}, { cacheComponents: true }))',
])('cacheComponents is on: %s', text => {
  expect(facts(text).cacheComponents).toBe(true)
})

it.each([
  'export default {}',
  '// cacheComponents: true\nexport default {}',
  'export default { cacheComponents: false }',
  'export default { ...{ cacheComponents: true }, cacheComponents: false }',
  'export default { experimental: { useCache: true } }',
  'export default { experimental: { ppr: "incremental" } }',
  'export default { experimental: { ppr: true } }',
  'const plugin = createPlugin({ cacheComponents: true })\nexport default plugin({})',
  'export default withSentryConfig(imported, { cacheComponents: true })',
  'export default { cacheComponents: process.env.CACHE === "1" }',
  'const a = b\nconst b = a\nexport default { cacheComponents: a }',
  'export default {{{',
])('cacheComponents is not known to be on: %s', text => {
  expect(facts(text).cacheComponents).toBe(false)
})

it('reads the other literal facts', () => {
  const text = `export default {
    output: 'standalone',
    basePath: '/shop',
    pageExtensions: ['ts', 'tsx', 'mdx'],
    experimental: { useCache: true, ppr: 'incremental', serverActions: { bodySizeLimit: '4mb' } },
  }`
  expect(facts(text)).toEqual({
    file: 'next.config.ts',
    cacheComponents: false,
    useCache: true,
    incrementalPpr: true,
    output: 'standalone',
    basePath: '/shop',
    pageExtensions: ['ts', 'tsx', 'mdx'],
    bodySizeLimit: '4mb',
  })
})

it('does not work for ever on identifiers that name each other twice', () => {
  const chain = Array.from({ length: 60 }, (_, index) => `const a${index} = [a${index + 1}, a${index + 1}]`)
  expect(facts(`${chain.join('\n')}\nexport default { pageExtensions: a0 }`).pageExtensions).toBeUndefined()
})
