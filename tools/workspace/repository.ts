import { UserError } from '../errors.ts'
import { type Git, type GitAuthor, openGit } from './git.ts'

/** The git repository that an audited folder lies in. */
export interface Repository {
  git: Git
  /** Absolute path of the audited folder. */
  root: string
  /** Where it lies below the top of the repository, posix: "" or "apps/web/". */
  prefix: string
  /** The commit that is checked out. */
  head: string
  /** When it was committed, milliseconds since the epoch. */
  headTime: number
  /** Null when HEAD is detached. */
  branch: string | null
  shallow: boolean
}

/**
 * Opens the repository for writing branches. Reads only.
 *
 * @param root absolute path of the audited folder, links resolved
 * @throws UserError, one line: no git, no repository, no commit, a folder that is not committed
 */
export async function openRepository(root: string, hooks: string, signal?: AbortSignal): Promise<Repository> {
  const git = await openGit(root, { signal, hooks })
  const prefix = await git.run('rev-parse', '--show-prefix').catch((error: unknown) => {
    throw new UserError(whyNoRepository(error))
  })
  const head = await tryLine(git, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}')
  if (!head)
    throw new UserError('the repository has no commit yet: commit the app first, a change needs something to stand on')
  const repository: Repository = {
    git,
    root,
    prefix: prefix.trimEnd(),
    head,
    headTime: Number((await git.run('show', '--no-patch', '--format=%ct', head)).trim()) * 1000,
    branch: (await tryLine(git, 'symbolic-ref', '--quiet', '--short', 'HEAD')) ?? null,
    shallow: (await tryLine(git, 'rev-parse', '--is-shallow-repository')) === 'true',
  }
  const tree = `${head}:${repository.prefix.replace(/\/$/, '')}`
  if ((await tryLine(git, 'cat-file', '-t', tree)) !== 'tree')
    throw new UserError('this folder is not in the last commit: commit it first, branches are made from commits')
  return repository
}

/**
 * Who the commits are by: the environment first, then git's configuration, as git itself does it.
 *
 * @throws UserError when git knows nobody
 */
export async function authorOf(git: Git): Promise<GitAuthor> {
  const name = process.env.GIT_AUTHOR_NAME?.trim() || (await tryLine(git, 'config', '--get', 'user.name'))
  const email = process.env.GIT_AUTHOR_EMAIL?.trim() || (await tryLine(git, 'config', '--get', 'user.email'))
  if (!name || !email)
    throw new UserError(
      'git knows no name and e-mail address for commits: run git config user.name "…" and git config user.email "…"',
    )
  return { name, email }
}

/** The one line that a command prints; undefined when it fails or prints nothing. */
export async function tryLine(git: Git, ...args: string[]): Promise<string | undefined> {
  try {
    return (await git.run(...args)).trim() || undefined
  } catch {
    return undefined
  }
}

function whyNoRepository(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (/ENOENT/.test(message)) return 'git is not installed; branches are made with it'
  if (/dubious ownership/.test(message))
    return 'git refuses this folder because it belongs to another user (see safe.directory)'
  if (/must be run in a work tree/.test(message)) return 'this is a bare repository; give a checkout'
  return 'this folder is not in a git repository: run git init and commit the app, branches are made from commits'
}
