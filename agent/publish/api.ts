import type { Octokit } from '@octokit/core'
import { AbortedError } from '../../tools/errors.ts'
import { maskSecrets } from '../mask.ts'
import { oneLine } from '../text.ts'

/** Why GitHub did not do what was asked. The message is one line that says what to do and holds no secret. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly kind: GitHubFailure

  constructor(kind: GitHubFailure, message: string) {
    super(message)
    this.kind = kind
  }
}

export type GitHubFailure = 'unauthorized' | 'forbidden' | 'not-found' | 'refused' | 'limited' | 'unreachable'

export interface RemoteCommit {
  sha: string
  tree: string
  message: string
  parents: string[]
}

export interface TreeEntry {
  path: string
  mode: string
  type: string
  sha: string
}

export interface Pull {
  number: number
  url: string
  state: 'open' | 'closed'
  merged: boolean
  draft: boolean
  body: string
  branch: string
  /** Branch that it wants to go into. */
  base: string
  /** False for a pull request from a fork. */
  own: boolean
}

/** The few requests that publishing needs, each of them one call. Everything is about one repository. */
export interface GitHub {
  repository(): Promise<{ defaultBranch: string; canPush: boolean }>
  /** Commit that a branch stands on; undefined when there is no such branch. */
  branch(name: string): Promise<string | undefined>
  commit(sha: string): Promise<RemoteCommit>
  /** Entries of one directory. */
  tree(sha: string): Promise<TreeEntry[]>
  /** Commits of `head` that `base` has not, oldest first. */
  ahead(base: string, head: string): Promise<RemoteCommit[]>
  pullsOf(branch: string): Promise<Pull[]>
  openPulls(): Promise<Pull[]>
  createBlob(text: string): Promise<string>
  createTree(base: string, entries: { path: string; mode: string; sha: string | null }[]): Promise<string>
  createCommit(commit: { message: string; tree: string; parents: string[] }): Promise<string>
  createBranch(name: string, sha: string): Promise<void>
  /** Moves a branch forward. GitHub refuses when somebody else has moved it meanwhile. */
  moveBranch(name: string, sha: string): Promise<void>
  createPull(pull: { title: string; body: string; branch: string; base: string; draft: boolean }): Promise<Pull>
  updateBody(number: number, body: string): Promise<void>
}

export interface GitHubOptions {
  owner: string
  name: string
  token: string
  /** https://api.github.com unless it is an Enterprise server. */
  url: string
  signal: AbortSignal
}

/** Milliseconds that one request may take. GitHub itself gives up after 10 s. */
const TIMEOUT_MS = 30_000

/** Seconds that GitHub may ask us to wait; for longer the run is better repeated later. */
const LONGEST_WAIT_S = 60

/** Version of the REST API that the requests and answers are written for. */
const API_VERSION = '2022-11-28'

/** @throws GitHubError from each of its functions; AbortedError after a Ctrl-C */
export async function openGitHub({ owner, name, token, url, signal }: GitHubOptions): Promise<GitHub> {
  const { Octokit } = await import('@octokit/core')
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const octokit = new Octokit({ auth: token, baseUrl: url, userAgent: 'scalability-agent', log: silent })
  const ask = asker(octokit, { owner, repo: name }, signal)
  return {
    async repository() {
      const data = await ask<Json>('GET /repos/{owner}/{repo}')
      const permissions = (data.permissions ?? {}) as Json
      return { defaultBranch: String(data.default_branch), canPush: permissions.push === true }
    },
    async branch(ref) {
      const data = await optional(ask<Json>('GET /repos/{owner}/{repo}/git/ref/{ref}', { ref: `heads/${ref}` }))
      return data && String((data.object as Json).sha)
    },
    async commit(sha) {
      return commitOf(await ask<Json>('GET /repos/{owner}/{repo}/git/commits/{sha}', { sha }))
    },
    async tree(sha) {
      const data = await ask<{ tree: TreeEntry[]; truncated: boolean }>('GET /repos/{owner}/{repo}/git/trees/{sha}', {
        sha,
      })
      if (data.truncated) throw new GitHubError('refused', 'a folder of the repository is too large to be listed')
      return data.tree
    },
    async ahead(base, head) {
      const commits: RemoteCommit[] = []
      for (let page = 1; ; page++) {
        const basehead = `${base}...${head}`
        const data = await ask<Json>('GET /repos/{owner}/{repo}/compare/{basehead}', { basehead, page, per_page: 100 })
        const found = data.commits as { sha: string; commit: Json; parents: { sha: string }[] }[]
        commits.push(
          ...found.map(({ sha, commit, parents }) => commitOf({ ...commit, sha, parents } as unknown as Json)),
        )
        if (found.length < 100 || commits.length >= Number(data.total_commits)) return commits
      }
    },
    pullsOf: branch => pages(ask, { head: `${owner}:${branch}`, state: 'all' }),
    openPulls: () => pages(ask, { state: 'open' }),
    async createBlob(text) {
      const content = Buffer.from(text, 'utf8').toString('base64')
      return shaOf(await ask<Json>('POST /repos/{owner}/{repo}/git/blobs', { content, encoding: 'base64' }))
    },
    async createTree(base, entries) {
      const tree = entries.map(entry => ({ ...entry, type: 'blob' }))
      return shaOf(await ask<Json>('POST /repos/{owner}/{repo}/git/trees', { base_tree: base, tree }))
    },
    async createCommit(commit) {
      return shaOf(await ask<Json>('POST /repos/{owner}/{repo}/git/commits', commit))
    },
    async createBranch(ref, sha) {
      await ask('POST /repos/{owner}/{repo}/git/refs', { ref: `refs/heads/${ref}`, sha })
    },
    async moveBranch(ref, sha) {
      await ask('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ref: `heads/${ref}`, sha, force: false })
    },
    async createPull({ title, body, branch, base, draft }) {
      return pullOf(await ask<Json>('POST /repos/{owner}/{repo}/pulls', { title, body, head: branch, base, draft }))
    },
    async updateBody(number, body) {
      await ask('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number, body })
    },
  }
}

type Json = Record<string, unknown>
type Ask = <T>(route: string, parameters?: Json) => Promise<T>

function asker(octokit: Octokit, repository: { owner: string; repo: string }, signal: AbortSignal): Ask {
  return async <T>(route: string, parameters: Json = {}): Promise<T> => {
    const attempts = route.startsWith('GET ') ? 3 : 1
    for (let attempt = 1; ; attempt++) {
      try {
        const { data } = await octokit.request(route, {
          ...repository,
          ...parameters,
          headers: { 'x-github-api-version': API_VERSION },
          request: { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) },
        })
        return data as T
      } catch (error) {
        if (signal.aborted) throw new AbortedError()
        const wait = waitFor(error, attempt, attempts)
        if (wait === undefined) throw failure(error)
        await new Promise(resolve => setTimeout(resolve, wait))
      }
    }
  }
}

interface RequestError {
  status?: number
  message?: string
  response?: { headers?: Record<string, string | number | undefined>; data?: Json }
}

/**
 * Milliseconds until another attempt; undefined when there shall be none. What writes is sent again only when GitHub says
 * that it did not begin with it (a rate limit): a lost answer may belong to work that was done.
 */
function waitFor(error: unknown, attempt: number, attempts: number): number | undefined {
  const { status, response } = error as RequestError
  const after = Number(response?.headers?.['retry-after'])
  if ((status === 403 || status === 429) && Number.isFinite(after) && after <= LONGEST_WAIT_S && attempt < 3)
    return after * 1000
  const passing = status === undefined || status >= 500
  return passing && attempt < attempts ? 250 * 2 ** attempt : undefined
}

function failure(error: unknown): GitHubError {
  const { status, message = String(error), response } = error as RequestError
  const details = Array.isArray(response?.data?.errors)
    ? response.data.errors.map((item: unknown) => (typeof item === 'string' ? item : ((item as Json)?.message ?? '')))
    : []
  const said = maskSecrets(oneLine([response?.data?.message ?? message, ...details].filter(Boolean).join(': '), 200))
  const headers = response?.headers ?? {}
  if (status === 401)
    return new GitHubError('unauthorized', 'GitHub does not accept the token; make a new one and set GITHUB_TOKEN')
  if (status === 429 || (status === 403 && (headers['x-ratelimit-remaining'] === '0' || 'retry-after' in headers)))
    return new GitHubError('limited', `GitHub's rate limit is used up${untilOf(headers)}; run it again then`)
  if (status === 403)
    return new GitHubError(
      'forbidden',
      `the token may not do this (${said}); it needs "Contents: write" and "Pull requests: write" on the repository`,
    )
  if (status === 404) return new GitHubError('not-found', `not found, or the token cannot see it (${said})`)
  if (status !== undefined && status < 500) return new GitHubError('refused', said)
  return new GitHubError('unreachable', `GitHub cannot be reached (${said}); nothing is lost, run it again`)
}

function untilOf(headers: Record<string, string | number | undefined>): string {
  const reset = Number(headers['x-ratelimit-reset'])
  return Number.isFinite(reset) && reset > 0 ? ` until ${new Date(reset * 1000).toISOString()}` : ''
}

async function optional<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not-found') return undefined
    throw error
  }
}

async function pages(ask: Ask, parameters: Json): Promise<Pull[]> {
  const pulls: Pull[] = []
  for (let page = 1; ; page++) {
    const found = await ask<Json[]>('GET /repos/{owner}/{repo}/pulls', { ...parameters, per_page: 100, page })
    pulls.push(...found.map(pullOf))
    if (found.length < 100) return pulls
  }
}

function pullOf(data: Json): Pull {
  const head = data.head as { ref: string; repo: { full_name: string } | null }
  const base = data.base as { ref: string; repo: { full_name: string } }
  return {
    number: Number(data.number),
    url: String(data.html_url),
    state: data.state === 'open' ? 'open' : 'closed',
    merged: typeof data.merged_at === 'string',
    draft: data.draft === true,
    body: typeof data.body === 'string' ? data.body : '',
    branch: head.ref,
    base: base.ref,
    own: head.repo?.full_name === base.repo.full_name,
  }
}

function commitOf(data: Json): RemoteCommit {
  return {
    sha: String(data.sha),
    tree: String((data.tree as Json).sha),
    message: String(data.message),
    parents: (data.parents as { sha: string }[]).map(({ sha }) => sha),
  }
}

function shaOf(data: Json): string {
  return String(data.sha)
}
