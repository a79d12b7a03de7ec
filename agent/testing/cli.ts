import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
/** What is shipped, not the sources: vitest's global setup (build.ts) has built it. */
export const CLI = join(PROJECT, 'dist/agent/cli.js')

export interface Result {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Called with what stderr holds so far; returns the signal to send, if any. */
  onStderr?: (text: string) => NodeJS.Signals | undefined
}

/** Runs the built command line to its end. Neither a terminal nor CI: what the tests' own surroundings say is left out. */
export function agent(args: string[], { cwd = tmpdir(), env = {}, onStderr }: RunOptions = {}): Promise<Result> {
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, SCALABILITY_DEBUG: _debug, ...inherited } = process.env
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const result: Result = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    result.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    result.stderr += text
    const signal = onStderr?.(result.stderr)
    if (signal) child.kill(signal)
  })
  return new Promise(resolve => child.on('close', code => resolve({ ...result, code })))
}

export interface Sandbox {
  /** Absolute path, links resolved. */
  root: string
  write(file: string, text: string): void
  read(file: string): string
  git(...args: string[]): string
  remove(): void
}

/** A folder of its own for one test; with a fixture's name, a copy of that fixture. */
export function sandbox(fixture?: string): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'agent-')))
  if (fixture) cpSync(join(PROJECT, 'agent/fixtures', fixture), root, { recursive: true })
  return {
    root,
    write(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    },
    read: file => readFileSync(join(root, file), 'utf8'),
    git: (...args) => {
      const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
      return execFileSync('git', [...author, ...args], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
