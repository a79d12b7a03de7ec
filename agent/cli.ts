#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { addAssessCommand } from './commands/assess.ts'
import { addAuditCommand } from './commands/audit.ts'
import { addBuildCommand } from './commands/build.ts'
import { addDocumentCommand } from './commands/document.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addGateCommand } from './commands/gate.ts'
import { addMcpCommand } from './commands/mcp.ts'
import { addPlanCommand } from './commands/plan.ts'
import { addPublishCommand } from './commands/publish.ts'
import { addResumeCommand } from './commands/resume.ts'
import { addRunCommand } from './commands/run.ts'
import { addStatsCommand } from './commands/stats.ts'
import { EXIT } from './exit.ts'
import { interruptible } from './interrupt.ts'
import { TOOL_NAME, toolVersion } from './package.ts'
import { oneLine } from './text.ts'

// Whatever stands here is loaded by every command, `--help` included: nothing heavy, see architecture.test.ts.

const interruption = interruptible()

function program(): Command {
  const root = new Command('agent')
    .description(
      'Finds what keeps a Next.js + Supabase + Vercel app from holding 10,000 users at the same time,\n' +
        'with the evidence for every finding. Works on a checkout: no key, no network, no database.',
    )
    .version(`${TOOL_NAME} ${toolVersion()}`, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      outputError: (message, write) => write(`${oneLine(hideUrl(message.replace(/^error: /, 'agent: ')))}\n`),
    })
    .addHelpText('after', '\nExit codes: 0 fine, 1 a finding at or above --fail-on, 2 could not run, 130 interrupted.')
  addAssessCommand(root, interruption.signal)
  addPlanCommand(root, interruption.signal)
  addBuildCommand(root, interruption.signal)
  addDocumentCommand(root, interruption.signal)
  addExplainCommand(root)
  addPublishCommand(root, interruption.signal)
  addRunCommand(root, interruption.signal)
  addResumeCommand(root, interruption.signal)
  addAuditCommand(root, interruption.signal)
  addMcpCommand(root, interruption.signal)
  addGateCommand(root, interruption.signal)
  addStatsCommand(root, interruption.signal)
  return root
}

async function main(argv: string[]): Promise<number> {
  const root = program()
  if (argv.length <= 2) {
    root.outputHelp()
    return EXIT.fine
  }
  try {
    await root.parseAsync(argv)
    return interruption.exitCode() ?? Number(process.exitCode ?? EXIT.fine)
  } catch (error) {
    return await explainFailure(error)
  }
}

/** One line on stderr for every failure; the stack only for those who ask for it. */
async function explainFailure(error: unknown): Promise<number> {
  const stopped = interruption.exitCode()
  if (stopped !== undefined) {
    process.stderr.write('agent: interrupted\n')
    return stopped
  }
  // commander has printed its own message, through outputError above.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.couldNotRun
  const message = error instanceof Error ? error.message : String(error)
  // By name: the class itself would have to be imported from the tools.
  if (error instanceof Error && error.name === 'UserError') {
    process.stderr.write(`agent: ${await withoutSecrets(message)}\n`)
    return EXIT.couldNotRun
  }
  if (process.env.SCALABILITY_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  else
    process.stderr.write(
      `agent: unexpected error: ${await withoutSecrets(message)} (set SCALABILITY_DEBUG=1 to see where)\n`,
    )
  return EXIT.couldNotRun
}

/** A URL that was typed in the wrong place comes back in the message; its password must not. */
async function withoutSecrets(message: string): Promise<string> {
  if (!message.includes('://')) return oneLine(message)
  const { maskSecrets } = await import('./mask.ts')
  return oneLine(maskSecrets(hideUrl(message)))
}

/** Whole, since a password may hold any character. */
function hideUrl(message: string): string {
  return message.replace(/\bpostgres(?:ql)?:\/\/\S+/gi, 'postgresql://***')
}

// A reader that has seen enough (`agent assess | head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.fine)
  process.stderr.write(`agent: cannot write to stdout (${oneLine(error.code ?? error.message)})\n`)
  process.exit(EXIT.couldNotRun)
})

// Not process.exit(): a pipe that is not read yet would lose its end.
process.exitCode = await main(process.argv)
interruption.release()
