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

/** True when the checked-out commit itself holds a `.scalability` folder: a cache that came with the code is not ours. */
export async function bringsOwnCache(git: Git): Promise<boolean> {
  try {
    return (await git.run('ls-tree', 'HEAD', '--', '.scalability')).trim() !== ''
  } catch {
    return false
  }
}
