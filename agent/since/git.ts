import { type Git, openGit as open } from '../../tools/workspace/git.ts'

export type { Git }

/** git for commands that only read objects (rev-parse, merge-base, ls-tree, cat-file). */
export function openGit(root: string, signal?: AbortSignal): Promise<Git> {
  return open(root, { signal })
}

/** The commit that is checked out; null outside of a repository, or when git is not there or refuses. */
export async function headCommit(git: Git): Promise<string | null> {
  try {
    return (await git.run('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')).trim() || null
  } catch {
    return null
  }
}

/** Whether a cache came with the code: `unsafe` when git refuses to say, which it does where the folder belongs to another user. */
export type CacheOrigin = 'ours' | 'committed' | 'unsafe'

/** Whether the checked-out commit itself holds a `.scalability` folder: a cache that came with the code is not ours. */
export async function cacheOrigin(git: Git): Promise<CacheOrigin> {
  try {
    return (await git.run('ls-tree', 'HEAD', '--', '.scalability')).trim() === '' ? 'ours' : 'committed'
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    // Nothing can have been committed without a repository, without a commit, and nothing can be asked without git.
    return /not a git repository|Not a valid object name HEAD|ENOENT/.test(message) ? 'ours' : 'unsafe'
  }
}
