import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface GitFolder {
  /** Folder that holds the bare repositories. */
  folder: string
  /** What stands before the repository's name in the URL. */
  prefix: string
  /** Tokens that may clone and push, as the password. */
  allowed: string[]
}

/** Real git over HTTP: `git http-backend` is a CGI program, this is its web server. */
export function serveGit(request: IncomingMessage, response: ServerResponse, options: GitFolder): void {
  const [, given = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
  const password = Buffer.from(given, 'base64').toString().split(':')[1] ?? ''
  if (!options.allowed.includes(password)) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end()
    return
  }
  const url = new URL(request.url ?? '/', 'http://x')
  const child = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: options.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname.slice(options.prefix.length),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'octo',
    },
  })
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('close', () => {
    const whole = Buffer.concat(chunks)
    const end = whole.indexOf('\r\n\r\n')
    const headers = whole.subarray(0, end).toString().split('\r\n')
    const fields = Object.fromEntries(headers.map(line => line.split(/: (.*)/s).slice(0, 2) as [string, string]))
    response.writeHead(Number.parseInt(fields.Status ?? '200', 10), fields).end(whole.subarray(end + 4))
  })
}
