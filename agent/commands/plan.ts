import type { Command } from 'commander'

/** Options of `agent plan` and `agent document`. */
export interface DocOptions {
  json?: boolean
  check?: boolean
  config?: string
  /** False with --no-cache. */
  cache: boolean
  /** False with --no-shadow. */
  shadow: boolean
  quiet?: boolean
}

export function addPlanCommand(program: Command, signal: AbortSignal): void {
  withDocOptions(program.command('plan'))
    .summary('write the way to 10,000 users, in phases, for this app')
    .description(
      'Write docs/SCALABILITY-10K-PLAN.md: phases with goal, changes, success criteria as commands, security, rollback,\n' +
        'dependencies and owners (from CODEOWNERS), each step tied to its finding. Only the block between the markers is\n' +
        'replaced: what you write outside of it stays.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  agent plan\n' +
        '  agent plan apps/web --json | jq ".phases[].title"\n' +
        '  agent plan --check\n' +
        '\nExit codes: 0 written (or up to date), 1 out of date with --check, 2 could not run, 130 interrupted.',
    )
    .action(async (dir: string, options: DocOptions) => {
      const { runPlan } = await import('../changes/rundocs.ts')
      process.exitCode = await runPlan(dir, options, signal)
    })
}

export function withDocOptions(command: Command): Command {
  return command
    .argument('[dir]', 'folder of the repository', '.')
    .option('--json', 'print it as JSON and write nothing')
    .option('--check', 'write nothing; exit with 1 when a file is out of date')
    .option('--config <file>', 'configuration (default: scalability.config.json in <dir>)')
    .option('--no-cache', 'read everything anew, leave no .scalability folder')
    .option('--no-shadow', 'read the migrations without replaying them in a private PostgreSQL')
    .option('--quiet', 'print no progress')
}
