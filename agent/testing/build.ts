import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** vitest's global setup: the tests go through what is shipped, and several files that build at once would build into each other. */
export default function setup(): void {
  try {
    execFileSync(process.execPath, [`${PROJECT}node_modules/tsdown/dist/run.mjs`], { cwd: PROJECT, stdio: 'pipe' })
  } catch (error) {
    // The error itself holds the output as bytes, which vitest would print one by one.
    throw new Error(`the build failed:\n${String((error as { stderr?: Buffer }).stderr ?? error)}`)
  }
}
