import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['agent/testing/build.ts'],
    include: ['{agent,tools,playbooks,reports,bench}/**/*.test.ts', '*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**', '**/examples/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
