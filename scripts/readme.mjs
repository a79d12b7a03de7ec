#!/usr/bin/env node
// Puts the real output of `agent assess examples/gokart` into README.md; with --check, fails when it is not what stands there.
// usage: npm run readme [-- --check]
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

const ROOT = join(import.meta.dirname, '..')
const README = join(ROOT, 'README.md')
const BLOCK = /(<!-- output of `agent assess examples\/gokart`[^>]*-->\n)[\s\S]*?(<!-- end of output -->)/

const args = ['dist/agent/cli.js', 'assess', 'examples/gokart', '--no-cache', '--format', 'terminal']
const env = { ...process.env, NO_COLOR: '1', CI: '1' }
const printed = execFileSync(process.execPath, args, {
  cwd: ROOT,
  encoding: 'utf8',
  env,
  stdio: ['ignore', 'pipe', 'ignore'],
})
// The commit is that of this repository: it would be another one as soon as the README is committed.
const output = printed.replace(/ @ [0-9a-f]{7,}$/m, '').trimEnd()

const before = readFileSync(README, 'utf8')
if (!BLOCK.test(before)) throw new Error('README.md has no block for the output')
const after = before.replace(BLOCK, (_all, start, end) => `${start}\`\`\`text\n${output}\n\`\`\`\n${end}`)

if (after === before) process.exit(0)
if (process.argv.includes('--check')) {
  process.stderr.write('README.md does not show what the tool prints: run `npm run readme`\n')
  process.exit(1)
}
writeFileSync(README, after)
