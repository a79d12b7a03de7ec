import type { Command } from 'commander'
import { parsePort } from './options.ts'

export interface McpCommandOptions {
  http?: boolean
  port: number
  allowWrite?: boolean
  config?: string
  /** False with --no-cache. */
  cache: boolean
}

export function addMcpCommand(program: Command, signal: AbortSignal): void {
  program
    .command('mcp')
    .summary('serve the tools to a coding agent (Model Context Protocol)')
    .description(
      'An MCP server over one repository: findings, routes, accesses, tables, plans and the gate, for a coding agent.\n' +
        'Over stdin and stdout, or over HTTP on this machine only. It reads; with --allow-write it may commit changes\n' +
        'on local branches of their own. It never publishes.',
    )
    .argument('[dir]', 'folder of the repository', '.')
    .option('--http', 'serve streamable HTTP on 127.0.0.1 instead of stdin and stdout')
    .option('--port <n>', 'port for --http; 0 takes a free one', parsePort, 8123)
    .option('--allow-write', 'offer build_change, which makes local branches')
    .option('--config <file>', 'configuration (default: scalability.config.json in <dir>)')
    .option('--no-cache', 'read everything anew, leave no .scalability folder')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  claude mcp add scalability -- npx scalability-agent mcp .\n' +
        '  agent mcp apps/web --http --port 8123\n' +
        '  npx @modelcontextprotocol/inspector --cli npx scalability-agent mcp . --method tools/list',
    )
    .action(async (dir: string, options: McpCommandOptions) => {
      const { runMcp } = await import('../server/run.ts')
      process.exitCode = await runMcp(dir, options, signal)
    })
}
