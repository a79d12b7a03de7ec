import { spawn } from 'node:child_process'
import { request } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as OldClient } from 'legacy-mcp-sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from 'legacy-mcp-sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agent, CLI, type Sandbox, sandbox } from '../testing/cli.ts'

let app: Sandbox
let server: ReturnType<typeof spawn>
let url: URL

beforeAll(async () => {
  app = sandbox('shop')
  server = spawn(process.execPath, [CLI, 'mcp', app.root, '--http', '--port', '0', '--no-cache'])
  url = await new Promise<URL>(resolve => {
    server.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(text)
      if (found) resolve(new URL(found[0]))
    })
  })
})

afterAll(() => {
  server.kill()
  app.remove()
})

/** Status of a request with headers of its own, which fetch would not send. */
function statusOf(headers: Record<string, string>, path = '/mcp'): Promise<number | undefined> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers }
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: url.port, path, method: 'POST', headers: all }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end(body)
  })
}

describe('over HTTP', () => {
  it('a client of today finds the tools and calls one', async () => {
    const client = new Client({ name: 'new', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(url))
    const result = await client.callTool({ name: 'assess', arguments: {} })
    expect(result.structuredContent).toMatchObject({ repository: expect.any(String) })
    await client.close()
  })

  it('a client of the 1.x kind does as well', async () => {
    const client = new OldClient({ name: 'old', version: '1' })
    await client.connect(new OldTransport(url))
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('list_findings')
    expect(await client.callTool({ name: 'list_routes', arguments: {} })).toMatchObject({
      structuredContent: { total: expect.any(Number) },
    })
    await client.close()
  })

  it('a page of another site does not get in, by whatever name it calls us', async () => {
    expect(await statusOf({ host: 'evil.example' })).toBe(403)
    expect(await statusOf({ origin: 'https://evil.example' })).toBe(403)
    expect(await statusOf({ origin: 'null' })).toBe(403)
    expect(await statusOf({ origin: 'http://localhost:3000' })).not.toBe(403)
  })

  it('there is nothing beside /mcp', async () => {
    expect(await statusOf({}, '/')).toBe(404)
  })
})

describe('agent mcp', () => {
  it('says in one line that the port is taken', async () => {
    const { code, stderr } = await agent(['mcp', app.root, '--http', '--port', url.port])
    expect([code, stderr]).toEqual([2, `agent: port ${url.port} is taken; choose another one with --port\n`])
  })

  it('says in one line that there is no such folder, or no such port', async () => {
    expect((await agent(['mcp', `${app.root}/nowhere`])).stderr).toMatch(/^agent: .*there is no such folder\n$/)
    expect((await agent(['mcp', '--http', '--port', 'x'])).stderr).toMatch(
      /^agent: .*It must be a port, 0 to 65535\.\n$/,
    )
  })

  it('ends when its client goes away', async () => {
    const { code, stdout } = await agent(['mcp', app.root])
    expect([code, stdout]).toEqual([0, ''])
  })
})
