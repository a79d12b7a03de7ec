import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveGit } from './smart-http.ts'

/**
 * GitHub's REST API as far as publishing uses it, over a bare repository that real git reads and writes through the same server.
 * It says no wherever GitHub does: tokens and their rights, validation, duplicates, branches that are not there, moves that are
 * not forward. Requests that it does not know fail the test that sent them (`unexpected`).
 */
export interface FakeGitHub {
  /** Base of the API, and address to clone from. */
  url: string
  clone: string
  /** The bare repository. */
  git(...args: string[]): string
  pulls: FakePull[]
  /** "METHOD path" of every request that was answered, in order. */
  requests: string[]
  unexpected: string[]
  /** What a person does in the browser. */
  closePull(number: number): void
  mergePull(number: number): void
  editBody(number: number, body: string): void
  /** Called before a request is carried out; what it returns happens instead, or after. */
  fault?: (method: string, path: string) => Fault | undefined
  drafts: boolean
  stop(): Promise<void>
}

/** `lost` carries the request out and cuts the connection; `cut` cuts it before. */
export type Fault = { kind: 'cut' | 'lost' } | { kind: 'status'; status: number; headers?: Record<string, string> }

export interface FakePull {
  number: number
  title: string
  body: string
  head: string
  base: string
  draft: boolean
  state: 'open' | 'closed'
  merged: boolean
}

export const OWNER = 'octo'
export const NAME = 'shop'
/** May read and write; may only read. Every other token is unknown. */
export const WRITE_TOKEN = 'ghp_write000000000000000000000000000000'
export const READ_TOKEN = 'ghp_read0000000000000000000000000000000'

export async function startGitHub(): Promise<FakeGitHub> {
  const folder = mkdtempSync(join(tmpdir(), 'github-'))
  const bare = join(folder, `${NAME}.git`)
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare])
  const fake: FakeGitHub = {
    url: '',
    clone: '',
    git: (...args) => git(bare, args),
    pulls: [],
    requests: [],
    unexpected: [],
    drafts: true,
    closePull: number => {
      pullOf(fake, number).state = 'closed'
    },
    editBody: (number, body) => {
      pullOf(fake, number).body = body
    },
    mergePull: number => mergePull(fake, number),
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    if (path.startsWith(`/${OWNER}/${NAME}.git/`)) {
      serveGit(request, response, { folder, prefix: `/${OWNER}`, allowed: [WRITE_TOKEN] })
      return
    }
    void answer(fake, request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  fake.url = `http://127.0.0.1:${port}/api/v3`
  fake.clone = `http://x-access-token:${WRITE_TOKEN}@127.0.0.1:${port}/${OWNER}/${NAME}.git`
  return fake
}

function git(bare: string, args: string[], input?: string, env: Record<string, string> = {}): string {
  const author = { GIT_AUTHOR_NAME: 'octo', GIT_AUTHOR_EMAIL: 'octo@example.com' }
  const committer = { GIT_COMMITTER_NAME: 'octo', GIT_COMMITTER_EMAIL: 'octo@example.com' }
  return execFileSync('git', ['--git-dir', bare, ...args], {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...author, ...committer, ...env },
  }).trim()
}

function pullOf(fake: FakeGitHub, number: number): FakePull {
  const pull = fake.pulls.find(candidate => candidate.number === number)
  if (!pull) throw new Error(`no pull request ${number}`)
  return pull
}

function mergePull(fake: FakeGitHub, number: number): void {
  const pull = pullOf(fake, number)
  const tree = fake.git('merge-tree', '--write-tree', pull.base, pull.head)
  const parents = ['-p', pull.base, '-p', pull.head]
  const commit = fake.git('commit-tree', tree, ...parents, '-m', `Merge pull request #${number}`)
  fake.git('update-ref', `refs/heads/${pull.base}`, commit)
  pull.state = 'closed'
  pull.merged = true
}

/** An answer that GitHub gives on purpose. */
class Refusal extends Error {
  readonly status: number
  readonly errors: unknown[] | undefined

  constructor(status: number, message: string, errors?: unknown[]) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

type Json = Record<string, unknown>

interface Call {
  fake: FakeGitHub
  parameters: string[]
  query: URLSearchParams
  body: Json
}

interface Route {
  method: string
  path: RegExp
  status?: number
  run(call: Call): unknown
}

const REPOSITORY = `/api/v3/repos/${OWNER}/${NAME}`

async function answer(fake: FakeGitHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://x')
  const method = request.method ?? 'GET'
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks).toString('utf8')
  const path = decodeURIComponent(url.pathname)
  fake.requests.push(`${method} ${path}`)
  const fault = fake.fault?.(method, path)
  if (fault?.kind === 'cut') {
    request.socket.destroy()
    return
  }
  const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    if (fault?.kind === 'lost') {
      request.socket.destroy()
      return
    }
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4990',
      ...headers,
    })
    response.end(JSON.stringify(body))
  }
  if (fault?.kind === 'status') return send(fault.status, { message: 'fault' }, fault.headers)
  try {
    authorise(request, method)
    const route = ROUTES.find(candidate => candidate.method === method && candidate.path.test(path))
    if (!route) {
      fake.unexpected.push(`${method} ${path}`)
      throw new Refusal(404, 'Not Found')
    }
    const parameters = route.path.exec(path)!.slice(1)
    send(route.status ?? 200, route.run({ fake, parameters, query: url.searchParams, body: parsed(method, raw) }))
  } catch (error) {
    if (!(error instanceof Refusal)) fake.unexpected.push(`${method} ${path}: ${String(error)}`)
    const { status = 500, errors, message } = error as Refusal
    send(status, { message, ...(errors ? { errors } : {}), documentation_url: 'https://docs.github.com/rest' })
  }
}

function authorise(request: IncomingMessage, method: string): void {
  if (!request.headers['user-agent']) throw new Refusal(403, 'Request forbidden by administrative rules')
  const version = request.headers['x-github-api-version']
  if (version !== undefined && version !== '2022-11-28')
    throw new Refusal(400, `The requested API version ${version} is not supported`)
  const token = /^(?:token|bearer) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw new Refusal(method === 'GET' ? 404 : 401, 'Requires authentication')
  if (token !== WRITE_TOKEN && token !== READ_TOKEN) throw new Refusal(401, 'Bad credentials')
  if (token === READ_TOKEN && method !== 'GET')
    throw new Refusal(403, 'Resource not accessible by personal access token')
}

function parsed(method: string, raw: string): Json {
  if (method === 'GET') return {}
  try {
    return JSON.parse(raw) as Json
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
}

function text(body: Json, field: string, resource: string): string {
  const value = body[field]
  if (typeof value !== 'string' || value === '')
    throw new Refusal(422, 'Validation Failed', [{ resource, field, code: 'missing_field' }])
  return value
}

/** Name of the object when it is there and of that type. */
function object({ fake }: Call, type: 'commit' | 'tree' | 'blob', sha: string): string | undefined {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined
  try {
    return fake.git('cat-file', '-t', sha) === type ? sha : undefined
  } catch {
    return undefined
  }
}

function reference({ fake }: Call, ref: string): string | undefined {
  try {
    return fake.git('rev-parse', '--verify', '--quiet', `refs/${ref}`)
  } catch {
    return undefined
  }
}

function commitJson({ fake }: Call, sha: string): Json {
  const raw = fake.git('cat-file', 'commit', sha)
  const end = raw.indexOf('\n\n')
  const header = raw.slice(0, end).split('\n')
  const named = (name: string): string[] =>
    header.filter(line => line.startsWith(`${name} `)).map(line => line.slice(name.length + 1))
  return {
    sha,
    tree: { sha: named('tree')[0] },
    parents: named('parent').map(parent => ({ sha: parent })),
    message: raw.slice(end + 2),
  }
}

function refJson(ref: string, sha: string): Json {
  return { ref: `refs/${ref}`, object: { type: 'commit', sha } }
}

function pullJson(pull: FakePull): Json {
  const repo = { full_name: `${OWNER}/${NAME}` }
  return {
    number: pull.number,
    html_url: `https://github.com/${OWNER}/${NAME}/pull/${pull.number}`,
    state: pull.state,
    draft: pull.draft,
    title: pull.title,
    body: pull.body,
    merged_at: pull.merged ? '2026-01-01T00:00:00Z' : null,
    head: { ref: pull.head, repo },
    base: { ref: pull.base, repo },
  }
}

function paged<T>(query: URLSearchParams, items: T[], usual = 30): T[] {
  const size = Math.min(100, Number(query.get('per_page') ?? usual))
  const page = Number(query.get('page') ?? 1)
  return items.slice((page - 1) * size, page * size)
}

const ROUTES: Route[] = [
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}$`),
    run: () => ({ full_name: `${OWNER}/${NAME}`, default_branch: 'main', permissions: { pull: true, push: true } }),
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}/git/ref/(.+)$`),
    run: call => {
      const sha = reference(call, call.parameters[0]!)
      if (!sha) throw new Refusal(404, 'Not Found')
      return refJson(call.parameters[0]!, sha)
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}/git/commits/(.+)$`),
    run: call => {
      const sha = object(call, 'commit', call.parameters[0]!)
      if (!sha) throw new Refusal(404, 'Not Found')
      return commitJson(call, sha)
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}/git/trees/(.+)$`),
    run: call => {
      const sha = object(call, 'tree', call.parameters[0]!)
      if (!sha) throw new Refusal(404, 'Not Found')
      const lines = call.fake.git('ls-tree', '-z', sha).split('\0').filter(Boolean)
      const tree = lines.map(line => {
        const [, mode, type, entry, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.+)$/s.exec(line)!
        return { mode, type, sha: entry, path }
      })
      return { sha, tree, truncated: false }
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}/compare/(.+)\\.\\.\\.(.+)$`),
    run: call => {
      const [base, head] = call.parameters.map(name => object(call, 'commit', name) ?? reference(call, `heads/${name}`))
      if (!base || !head) throw new Refusal(404, 'Not Found')
      const shas = call.fake
        .git('rev-list', '--reverse', '--topo-order', `${base}..${head}`)
        .split('\n')
        .filter(Boolean)
      const commits = paged(call.query, shas, 250).map(sha => {
        const { tree, message, parents } = commitJson(call, sha)
        return { sha, commit: { tree, message }, parents }
      })
      return { total_commits: shas.length, ahead_by: shas.length, commits }
    },
  },
  {
    method: 'POST',
    status: 201,
    path: new RegExp(`^${REPOSITORY}/git/blobs$`),
    run: ({ fake, body }) => {
      const content = text(body, 'content', 'Blob')
      if (body.encoding !== 'base64') throw new Refusal(422, 'Validation Failed', [{ field: 'encoding' }])
      return { sha: git(gitDir(fake), ['hash-object', '-w', '--stdin'], Buffer.from(content, 'base64').toString()) }
    },
  },
  { method: 'POST', status: 201, path: new RegExp(`^${REPOSITORY}/git/trees$`), run: createTree },
  {
    method: 'POST',
    status: 201,
    path: new RegExp(`^${REPOSITORY}/git/commits$`),
    run: call => {
      const { fake, body } = call
      const message = text(body, 'message', 'Commit')
      const tree = object(call, 'tree', text(body, 'tree', 'Commit'))
      const parents = (body.parents as string[]).map(parent => object(call, 'commit', parent))
      if (!tree || parents.includes(undefined)) throw new Refusal(422, 'Tree SHA does not exist')
      const person = 'octo <octo@example.com> 1767225600 +0000'
      const lines = [`tree ${tree}`, ...parents.map(sha => `parent ${sha}`), `author ${person}`, `committer ${person}`]
      const raw = `${lines.join('\n')}\n\n${message}`
      return commitJson(call, git(gitDir(fake), ['hash-object', '-t', 'commit', '-w', '--stdin'], raw))
    },
  },
  {
    method: 'POST',
    status: 201,
    path: new RegExp(`^${REPOSITORY}/git/refs$`),
    run: call => {
      const ref = text(call.body, 'ref', 'Reference')
      const sha = object(call, 'commit', text(call.body, 'sha', 'Reference'))
      if (!/^refs\/heads\/.+/.test(ref)) throw new Refusal(422, 'Reference name is not valid')
      if (!sha) throw new Refusal(422, 'Object does not exist')
      if (reference(call, ref.slice('refs/'.length))) throw new Refusal(422, 'Reference already exists')
      call.fake.git('update-ref', ref, sha)
      return refJson(ref.slice('refs/'.length), sha)
    },
  },
  {
    method: 'PATCH',
    path: new RegExp(`^${REPOSITORY}/git/refs/(.+)$`),
    run: call => {
      const [ref] = call.parameters as [string]
      const before = reference(call, ref)
      const sha = object(call, 'commit', text(call.body, 'sha', 'Reference'))
      if (!before) throw new Refusal(422, 'Reference does not exist')
      if (!sha) throw new Refusal(422, 'Object does not exist')
      const forward = call.fake.git('merge-base', before, sha) === before
      if (!forward && call.body.force !== true) throw new Refusal(422, 'Update is not a fast forward')
      call.fake.git('update-ref', `refs/${ref}`, sha, before)
      return refJson(ref, sha)
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}/pulls$`),
    run: ({ fake, query }) => {
      const state = query.get('state') ?? 'open'
      const head = query.get('head')
      // A head without its owner filters nothing.
      const wanted = fake.pulls
        .filter(pull => state === 'all' || pull.state === state)
        .filter(pull => !head?.includes(':') || head === `${OWNER}:${pull.head}`)
      return paged(query, wanted.reverse()).map(pullJson)
    },
  },
  { method: 'POST', status: 201, path: new RegExp(`^${REPOSITORY}/pulls$`), run: createPull },
  {
    method: 'PATCH',
    path: new RegExp(`^${REPOSITORY}/pulls/(\\d+)$`),
    run: ({ fake, parameters, body }) => {
      const pull = fake.pulls.find(({ number }) => number === Number(parameters[0]))
      if (!pull) throw new Refusal(404, 'Not Found')
      if (typeof body.body === 'string') pull.body = checkedBody(body.body)
      if (typeof body.title === 'string') pull.title = body.title
      return pullJson(pull)
    },
  },
]

function gitDir(fake: FakeGitHub): string {
  return fake.git('rev-parse', '--absolute-git-dir')
}

function createTree(call: Call): Json {
  const { fake, body } = call
  const base = object(call, 'tree', text(body, 'base_tree', 'Tree'))
  if (!base) throw new Refusal(404, 'Not Found')
  const bare = gitDir(fake)
  const index = { GIT_INDEX_FILE: join(bare, `index-${process.hrtime.bigint()}`) }
  git(bare, ['read-tree', base], undefined, index)
  for (const entry of body.tree as { path: string; mode: string; type: string; sha: string | null }[]) {
    const { path, mode, sha } = entry
    if (!['100644', '100755', '120000'].includes(mode) || entry.type !== 'blob')
      throw new Refusal(422, 'Must supply a valid tree.mode')
    if (/(^|\/)(\.\.?|\.git)(\/|$)|^\/|\/$/.test(path))
      throw new Refusal(422, 'tree.path contains a malformed path component')
    if (sha === null) {
      if (git(bare, ['ls-files', '--', path], undefined, index) === '') throw new Refusal(422, 'GitRPC::BadObjectState')
      git(bare, ['update-index', '--index-info'], `0 ${'0'.repeat(40)}\t${path}\n`, index)
      continue
    }
    if (!object(call, 'blob', sha)) throw new Refusal(422, 'tree.sha is not a valid blob')
    git(bare, ['update-index', '--add', '--cacheinfo', `${mode},${sha},${path}`], undefined, index)
  }
  const sha = git(bare, ['write-tree'], undefined, index)
  rmSync(index.GIT_INDEX_FILE, { force: true })
  return { sha }
}

function createPull(call: Call): Json {
  const { fake, body } = call
  const invalid = (field: string): Refusal =>
    new Refusal(422, 'Validation Failed', [{ resource: 'PullRequest', field, code: 'invalid' }])
  const custom = (message: string): Refusal =>
    new Refusal(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }])
  const title = text(body, 'title', 'PullRequest')
  const head = text(body, 'head', 'PullRequest').replace(`${OWNER}:`, '')
  const base = text(body, 'base', 'PullRequest')
  if (!reference(call, `heads/${head}`)) throw invalid('head')
  if (!reference(call, `heads/${base}`)) throw invalid('base')
  if (fake.pulls.some(pull => pull.state === 'open' && pull.head === head && pull.base === base))
    throw custom(`A pull request already exists for ${OWNER}:${head}.`)
  if (fake.git('rev-list', '--count', `${base}..${head}`) === '0')
    throw custom(`No commits between ${base} and ${head}`)
  if (body.draft === true && !fake.drafts)
    throw new Refusal(422, 'Draft pull requests are not supported in this repository.')
  const pull: FakePull = {
    number: fake.pulls.length + 1,
    title,
    body: checkedBody(String(body.body ?? '')),
    head,
    base,
    draft: body.draft === true,
    state: 'open',
    merged: false,
  }
  fake.pulls.push(pull)
  return pullJson(pull)
}

function checkedBody(body: string): string {
  if (body.length > 65_536)
    throw new Refusal(422, 'Validation Failed', [
      { field: 'body', message: 'body is too long (maximum is 65536 characters)' },
    ])
  return body
}
