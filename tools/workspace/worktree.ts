import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Git, GitAuthor } from './git.ts'
import { openGit } from './git.ts'
import { type Repository, tryLine } from './repository.ts'

/**
 * A git worktree of our own, outside of the repository, that stands on the checked-out commit. Its files are written by us
 * (`writeTree`), never checked out, and its commits are put together from blobs: no hook, filter, monitor or signing program runs.
 */
export interface Worktree {
  /** Absolute path of its top. */
  path: string
  /** Where files are put on their way into the repository. */
  scratch: string
  git: Git
  remove(): Promise<void>
}

/** Who made it stands in its name, so that the next run knows what a killed one left behind. */
const NAME = /^scalability-(\d+)-[0-9a-f]{8}$/

/**
 * Makes the worktree; takes away those that killed runs left behind.
 *
 * @param hooks an empty folder
 * @throws Error when git or the disk says no
 */
export async function addWorktree(repository: Repository, workspace: Workspace, author: GitAuthor): Promise<Worktree> {
  await removeLeftovers(repository.git)
  const path = join(workspace.folder, workspace.name)
  await repository.git.run('worktree', 'add', '--no-checkout', '--detach', path, repository.head)
  // Tidying up goes on after a Ctrl-C, which ends the commands of `repository.git`.
  const tidy = await openGit(repository.root, { hooks: workspace.hooks })
  return {
    path,
    scratch: workspace.scratch,
    git: await openGit(path, { hooks: workspace.hooks, author }),
    remove: async () => {
      await tidy.run('worktree', 'remove', '--force', path).catch(() => {})
    },
  }
}

/** The temporary folder of one run. */
export interface Workspace {
  name: string
  folder: string
  /** Empty: git looks for hooks here. */
  hooks: string
  scratch: string
  remove(): void
}

export function makeWorkspace(): Workspace {
  const name = `scalability-${process.pid}-${randomBytes(4).toString('hex')}`
  const made = mkdtempSync(join(realpathSync(tmpdir()), `${name}.`))
  const hooks = join(made, 'hooks')
  const scratch = join(made, 'scratch')
  mkdirSync(hooks)
  mkdirSync(scratch)
  return { name, folder: made, hooks, scratch, remove: () => rmSync(made, { recursive: true, force: true }) }
}

/** Worktrees by our name whose process is gone. Others, the user's own included, are none of our business. */
async function removeLeftovers(git: Git): Promise<void> {
  const listing = await git.run('worktree', 'list', '--porcelain')
  for (const line of listing.split('\n')) {
    const path = /^worktree (.*)$/.exec(line)?.[1]
    const pid = path === undefined ? undefined : NAME.exec(basename(path))?.[1]
    if (path === undefined || pid === undefined || isAlive(Number(pid))) continue
    await git.run('worktree', 'remove', '--force', path).catch(() => {})
    // The folder around it is ours as well when it carries the same name.
    const around = dirname(path)
    if (basename(around).startsWith(`${basename(path)}.`)) rmSync(around, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Stores the tree that a commit has after some files were changed; no branch and no index of the user's is touched.
 *
 * @param files content by posix path from the top of the repository; null deletes
 * @returns the tree's id
 * @throws Error with what git said
 */
export async function makeTree(
  { git, scratch }: Worktree,
  files: Readonly<Record<string, string | null>>,
  base: string,
): Promise<string> {
  await git.run('read-tree', base)
  for (const [path, content] of Object.entries(files)) {
    if (content === null) {
      await git.run('update-index', '--force-remove', '--', path)
      continue
    }
    const file = join(scratch, 'blob')
    writeFileSync(file, content)
    const id = (await git.run('hash-object', '-w', '--no-filters', '--', file)).trim()
    await git.run('update-index', '--add', '--cacheinfo', `${await modeOf(git, base, path)},${id},${path}`)
  }
  return (await git.run('write-tree')).trim()
}

/** Stores a commit without moving any branch. @returns its id @throws Error with what git said */
export async function makeCommit(
  { git, scratch }: Worktree,
  { tree, message, base }: { tree: string; message: string; base: string },
): Promise<string> {
  const file = join(scratch, 'message')
  writeFileSync(file, message)
  return (await git.run('commit-tree', tree, '-p', base, '-F', file)).trim()
}

/** An existing file keeps its mode. */
async function modeOf(git: Git, base: string, path: string): Promise<string> {
  const entry = await tryLine(git, 'ls-tree', '--full-tree', base, '--', path)
  return entry?.startsWith('100755 ') ? '100755' : '100644'
}

/** Where a branch stands, and who has it checked out. */
export interface BranchState {
  commit: string | undefined
  /** Path of a worktree that has it checked out. */
  checkedOutAt: string | undefined
}

export async function branchState(git: Git, branch: string): Promise<BranchState> {
  const commit = await tryLine(git, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`)
  const blocks = (await git.run('worktree', 'list', '--porcelain')).split('\n\n')
  const block = blocks.find(text => text.split('\n').includes(`branch refs/heads/${branch}`))
  return { commit, checkedOutAt: block ? /^worktree (.*)$/m.exec(block)?.[1] : undefined }
}

/** Moves the branch from where it was seen; fails when somebody else moved it meanwhile. */
export async function moveBranch(git: Git, branch: string, commit: string, from: string | undefined): Promise<void> {
  await git.run('update-ref', '-m', 'agent build', `refs/heads/${branch}`, commit, from ?? '0'.repeat(commit.length))
}
