import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** vitest's global setup: the tests go through what is shipped, and several files that build at once would build into each other. */
export default function setup(): void {
  execFileSync(process.execPath, [`${PROJECT}node_modules/tsdown/dist/run.mjs`], { cwd: PROJECT, stdio: 'pipe' })
  process.env.CLI_IS_BUILT = '1'
}
