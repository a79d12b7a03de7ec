import { defineConfig } from 'tsdown'

export default defineConfig({
  // Every playbook's detector is an entry of its own: a new folder is in the build without a list to edit.
  entry: ['agent/cli.ts', 'playbooks/*/*/detect.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  unbundle: true,
  dts: false,
  outExtensions: () => ({ js: '.js' }),
  copy: [
    { from: 'playbooks/*/*/playbook.md', to: 'dist', flatten: false },
    { from: 'prompts', to: 'dist' },
    { from: 'schemas', to: 'dist' },
  ],
})
