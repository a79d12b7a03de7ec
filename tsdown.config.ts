import { defineConfig } from 'tsdown'

export default defineConfig({
  // Workers are loaded by their path. Every playbook's detector is an entry of its own: a new folder is in the build without a list to edit.
  entry: ['agent/cli.ts', 'agent/phases/**/worker.ts', 'tools/code/lowerworker.ts', 'playbooks/*/*/{detect,fix}.ts'],
  // One file for each source file, at the same path: what is loaded lazily stays apart, and stacks can be read.
  root: '.',
  unbundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  outExtensions: () => ({ js: '.js' }),
  copy: [
    { from: 'playbooks/*/*/playbook.md', to: 'dist/playbooks', flatten: false },
    { from: 'prompts/*.md', to: 'dist/prompts' },
  ],
  logLevel: 'warn',
})
