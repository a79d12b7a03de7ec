import { createHash } from 'node:crypto'
import { commitMessage } from '../../reports/change.ts'
import type { Change } from '../../tools/workspace/change.ts'
import type { Git } from '../../tools/workspace/git.ts'
import { branchName } from '../../tools/workspace/key.ts'
import { branchState, makeCommit, makeTree, moveBranch, type Worktree } from '../../tools/workspace/worktree.ts'
import { oneLine } from '../text.ts'

/** How a change becomes the one commit of its branch, and how that commit is known again later. */

/** Names the change in the commit. */
const CHANGE = 'Scalability-Change'
/** Seals parent and tree: a commit that somebody amended or moved does not fit it any more, and is theirs. */
const SEAL = 'Scalability-Seal'

export type CommitOutcome =
  | { outcome: 'built' | 'unchanged'; branch: string; commit: string }
  | { outcome: 'foreign-commits' | 'failed'; branch: string; reason: string }

/**
 * Puts the change on its branch, as one commit on top of `base`. A branch that holds exactly this is left as it is; one that holds
 * anything but a commit of ours is left to whoever made it.
 *
 * @param prefix where the audited folder lies below the top of the repository, "" or "apps/web/"
 */
export async function commitChange(
  worktree: Worktree,
  change: Change,
  base: string,
  prefix: string,
): Promise<CommitOutcome> {
  const { git } = worktree
  const branch = branchName(change)
  try {
    const state = await branchState(git, branch)
    const own = state.commit === undefined ? undefined : await readOwn(git, state.commit)
    if (state.commit !== undefined && own?.change !== change.key)
      return {
        outcome: 'foreign-commits',
        branch,
        reason: 'the branch holds commits that this tool did not make; it is left alone',
      }
    const files = Object.fromEntries(
      Object.entries(change.files).map(([path, content]) => [`${prefix}${path}`, content]),
    )
    const tree = await makeTree(worktree, files, base)
    if (state.commit !== undefined && own?.parent === base && own.tree === tree)
      return { outcome: 'unchanged', branch, commit: state.commit }
    if (state.checkedOutAt !== undefined)
      return { outcome: 'failed', branch, reason: 'the branch is checked out: switch to another one, then build again' }
    const message = commitMessage(change, {
      [CHANGE]: `${change.playbook} ${change.key}`,
      [SEAL]: sealOf(change.key, base, tree),
    })
    const commit = await makeCommit(worktree, { tree, message, base })
    await moveBranch(git, branch, commit, state.commit)
    return { outcome: 'built', branch, commit }
  } catch (error) {
    return { outcome: 'failed', branch, reason: whyFailed(error) }
  }
}

interface OwnCommit {
  change: string
  parent: string
  tree: string
}

/** A commit that this tool made and nobody touched since; undefined for any other. */
async function readOwn(git: Git, commit: string): Promise<OwnCommit | undefined> {
  const text = await git.run('cat-file', 'commit', commit)
  const [head = '', ...body] = text.split('\n\n')
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(match => match[1]!)
  const tree = /^tree ([0-9a-f]+)$/m.exec(head)?.[1]
  const message = body.join('\n\n')
  const change = new RegExp(`^${CHANGE}: \\S+ ([0-9a-f]{12})$`, 'm').exec(message)?.[1]
  const seal = new RegExp(`^${SEAL}: ([0-9a-f]+)$`, 'm').exec(message)?.[1]
  const [parent] = parents
  if (parents.length !== 1 || !parent || !tree || !change) return undefined
  return seal === sealOf(change, parent, tree) ? { change, parent, tree } : undefined
}

function sealOf(key: string, parent: string, tree: string): string {
  return createHash('sha256').update(`${key}\n${parent}\n${tree}`).digest('hex').slice(0, 16)
}

function whyFailed(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const said = /(?:fatal|error): (.*)/.exec(message)?.[1] ?? message
  return `git: ${oneLine(said, 200)}`
}
