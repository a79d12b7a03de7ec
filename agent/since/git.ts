import type { SimpleGit } from 'simple-git'

/** Runs git in the audited folder; rejects when git fails. */
export interface Git {
  run(...args: string[]): Promise<string>
}

/**
 * git for a checkout that is not trusted. Its .git/config and .gitattributes may name programs (file system monitors, hooks,
 * filters, diff drivers, textconv, pagers, remote helpers), so:
 * - only commands that read objects are used here (rev-parse, merge-base, ls-tree, cat-file): none of them touches the index
 *   or the work tree, where filters, monitors and hooks would run;
 * - those that could fetch missing objects may use no protocol at all;
 * - what is left of the configuration is overridden, and of the environment little is handed on.
 */
export async function openGit(root: string, signal?: AbortSignal): Promise<Git> {
  const { simpleGit } = await import('simple-git')
  const git: SimpleGit = simpleGit({
    baseDir: root,
    maxConcurrentProcesses: 4,
    trimmed: false,
    // By itself simple-git takes a command that fails without a word (rev-parse --quiet) for one that succeeded.
    errors: (error, { exitCode, stdErr }) =>
      error ??
      (exitCode === 0 ? undefined : new Error(Buffer.concat(stdErr).toString() || `git: exit code ${exitCode}`)),
    config: ['core.fsmonitor=false', 'core.hooksPath=', 'core.pager=cat', 'log.showSignature=false'],
    unsafe: {
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeProtocolOverride: true,
    },
    allowEnvironment: ['GIT_OPTIONAL_LOCKS', 'GIT_TERMINAL_PROMPT', 'GIT_NO_LAZY_FETCH', 'GIT_ALLOW_PROTOCOL'],
    ...(signal ? { abort: signal } : {}),
  }).env({
    ...inherited(),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  })
  return { run: (...args) => git.raw(args) }
}

/** What git needs to be found and to find the user's own configuration; nothing else of the environment reaches it. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'TMPDIR', 'TEMP']
  return Object.fromEntries(names.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/** The commit that is checked out; null outside of a repository, or when git is not there or refuses. */
export async function headCommit(git: Git): Promise<string | null> {
  try {
    return (await git.run('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')).trim() || null
  } catch {
    return null
  }
}

/** True when the checked-out commit itself holds a `.scalability` folder: a cache that came with the code is not ours. */
export async function bringsOwnCache(git: Git): Promise<boolean> {
  try {
    return (await git.run('ls-tree', 'HEAD', '--', '.scalability')).trim() !== ''
  } catch {
    return false
  }
}
