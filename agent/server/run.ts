import { realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../../tools/errors.ts'
import type { McpCommandOptions } from '../commands/mcp.ts'
import { loadConfig } from '../config.ts'
import { EXIT } from '../exit.ts'
import { oneLine } from '../text.ts'
import { createServer } from './server.ts'
import { openSession } from './session.ts'

/**
 * `agent mcp`: serves until the client closes its end, or until a Ctrl-C.
 *
 * @throws UserError when the folder or the port cannot be used
 */
export async function runMcp(dir: string, options: McpCommandOptions, signal: AbortSignal): Promise<number> {
  const root = auditedFolder(dir)
  const config = await loadConfig(root, options.config)
  const session = openSession({ root, config, allowWrite: options.allowWrite === true, cache: options.cache })
  const make = () => createServer(session)
  if (options.http) {
    const { serveHttp } = await import('./http.ts')
    const server = await serveHttp(make, options.port)
    process.stderr.write(`agent: MCP server for ${oneLine(root)} at ${server.url} (Ctrl-C ends it)\n`)
    await aborted(signal)
    await server.stop()
    return EXIT.fine
  }
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio')
  const ended = new Promise<void>(done => process.stdin.once('end', done).once('close', done))
  // stdout is the protocol's; whoever starts it by hand should see that it waits.
  if (process.stdin.isTTY) process.stderr.write('agent: an MCP server on stdin and stdout; Ctrl-C ends it\n')
  const server = serveStdio(make)
  await Promise.race([aborted(signal), ended])
  await server.close()
  return EXIT.fine
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(done => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}

function auditedFolder(dir: string): string {
  const stats = statSync(resolve(dir), { throwIfNoEntry: false })
  if (!stats?.isDirectory()) throw new UserError(`${oneLine(dir, 200)}: there is no such folder`)
  return realpathSync(resolve(dir))
}
