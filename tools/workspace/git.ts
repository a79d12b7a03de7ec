import { spawn } from 'node:child_process'
import type { SimpleGit } from 'simple-git'

/** Runs git in one folder; rejects when git fails, with what git said. */
export interface Git {
  run(...args: string[]): Promise<string>
}

export interface GitOptions {
  signal?: AbortSignal | undefined
  /** An empty folder in place of the repository's hooks. Commands that only read need none. */
  hooks?: string
  /** Who the commits are by. */
  author?: GitAuthor
}

export interface GitAuthor {
  name: string
  email: string
}

/**
 * git for a checkout that is not trusted. Its .git/config and .gitattributes may name programs (file system monitors, hooks,
 * filters, diff drivers, textconv, pagers, remote helpers, signing), so:
 * - only plumbing is used here: nothing that compares, checks out or adds files of a work tree, where filters and monitors would
 *   run. Files are read and written by ourselves, as the bytes of their blobs;
 * - what could fetch missing objects may use no protocol at all;
 * - what is left of the configuration is overridden, and of the environment little is handed on.
 */
export async function openGit(root: string, { signal, hooks = '', author }: GitOptions = {}): Promise<Git> {
  const { simpleGit } = await import('simple-git')
  const git: SimpleGit = simpleGit({
    baseDir: root,
    maxConcurrentProcesses: 4,
    trimmed: false,
    // By itself simple-git takes a command that fails without a word (rev-parse --quiet) for one that succeeded.
    errors: (error, { exitCode, stdErr }) =>
      error ??
      (exitCode === 0 ? undefined : new Error(Buffer.concat(stdErr).toString() || `git: exit code ${exitCode}`)),
    config: [...overrides(hooks), ...(author ? [`user.name=${author.name}`, `user.email=${author.email}`] : [])],
    unsafe: {
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeProtocolOverride: true,
    },
    allowEnvironment: Object.keys(SET),
    ...(signal ? { abort: signal } : {}),
  }).env(environment())
  return { run: (...args) => git.raw(args) }
}

function overrides(hooks: string): string[] {
  return [
    'core.fsmonitor=false',
    `core.hooksPath=${hooks}`,
    'core.pager=cat',
    'log.showSignature=false',
    'commit.gpgSign=false',
    'core.splitIndex=false',
  ]
}

const SET: Record<string, string> = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
}

function environment(): Record<string, string> {
  return { ...inherited(), ...SET }
}

/** What git needs to be found and to find the user's own configuration; nothing else of the environment reaches it. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'TMPDIR', 'TEMP']
  return Object.fromEntries(names.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/**
 * The bytes of many blobs with one process, in the order asked for; undefined for one that is not there (a partial clone).
 *
 * @throws Error when git cannot be run
 */
export async function* readBlobs(
  root: string,
  ids: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Buffer | undefined> {
  if (ids.length === 0) return
  const args = overrides('').flatMap(setting => ['-c', setting])
  const child = spawn('git', [...args, 'cat-file', '--batch'], {
    cwd: root,
    env: environment(),
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(signal ? { signal } : {}),
  })
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  failed.catch(() => {})
  child.stdin.on('error', () => {})
  child.stdin.end(`${ids.join('\n')}\n`)
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let pending = Buffer.alloc(0)
  const more = async (): Promise<void> => {
    const next = await Promise.race([chunks.next(), failed])
    if (next.done) throw new Error('git cat-file ended early')
    pending = Buffer.concat([pending, next.value])
  }
  try {
    for (const _ of ids) {
      let end = pending.indexOf(0x0a)
      while (end < 0) {
        await more()
        end = pending.indexOf(0x0a)
      }
      const header = pending.subarray(0, end).toString('latin1')
      const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1]
      if (size === undefined) {
        pending = pending.subarray(end + 1)
        yield undefined
        continue
      }
      const stop = end + 1 + Number(size)
      while (pending.length < stop + 1) await more()
      yield pending.subarray(end + 1, stop)
      pending = pending.subarray(stop + 1)
    }
  } finally {
    child.kill()
  }
}
