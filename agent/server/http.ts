import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { McpServer } from '@modelcontextprotocol/server'
import { UserError } from '../../tools/errors.ts'

export interface HttpServer {
  /** e.g. http://127.0.0.1:8123/mcp */
  url: string
  stop(): Promise<void>
}

export const MCP_PATH = '/mcp'

/** Bytes of one request; the largest is a change to be checked. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024

/**
 * MCP over streamable HTTP, on this machine only: the socket listens on loopback, and requests must name it as their host and, when
 * a browser sends them, as their origin, so that no web page can reach it by a name of its own (DNS rebinding).
 *
 * @throws UserError when the port is taken
 */
export async function serveHttp(make: () => Promise<McpServer>, port: number): Promise<HttpServer> {
  const { createMcpHandler, hostHeaderValidationResponse, originValidationResponse, ...local } = await import(
    '@modelcontextprotocol/server'
  )
  const handler = createMcpHandler(make)
  const answer = async (request: Request): Promise<Response> => {
    const refused =
      hostHeaderValidationResponse(request, local.localhostAllowedHostnames()) ??
      originValidationResponse(request, local.localhostAllowedOrigins())
    if (refused) return refused
    if (new URL(request.url).pathname !== MCP_PATH) return new Response('Not found\n', { status: 404 })
    return handler.fetch(request)
  }
  const server = createHttpServer((request, response) => void relay(request, response, answer))
  await listening(server, port)
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${actual}${MCP_PATH}`,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(`port ${port} is taken; choose another one with --port`)
          : new UserError(`port ${port}: cannot be opened (${error.code ?? error.message})`),
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** From Node's request to the web's, and back: the answer is passed on as it comes, and a caller who leaves cancels the work. */
async function relay(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  try {
    const answered = await answer(await webRequest(request, gone.signal))
    response.writeHead(answered.status, Object.fromEntries(answered.headers))
    if (!answered.body) {
      response.end()
      return
    }
    response.flushHeaders()
    Readable.fromWeb(answered.body as import('node:stream/web').ReadableStream)
      .on('error', () => response.destroy())
      .pipe(response)
  } catch (error) {
    if (!response.headersSent) response.writeHead(error instanceof TooLarge ? 413 : 400).end()
    else response.destroy()
  }
}

class TooLarge extends Error {}

async function webRequest(request: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one)
  }
  const method = request.method ?? 'GET'
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_REQUEST_BYTES) throw new TooLarge()
    chunks.push(chunk)
  }
  const body = method === 'GET' || method === 'HEAD' ? undefined : Buffer.concat(chunks)
  return new Request(new URL(request.url ?? '/', `http://${request.headers.host || 'invalid'}`), {
    method,
    headers,
    body,
    signal,
  })
}
