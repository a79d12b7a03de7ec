import type { Command } from 'commander'

export function addResumeCommand(program: Command, signal: AbortSignal): void {
  program
    .command('resume')
    .summary('go on with a run of the model that was stopped')
    .description(
      'Go on where a run was stopped or killed: no answer that was paid for is asked for again, and no change is built twice.\n' +
        'Model and limits are those of the run; what it had spent counts.',
    )
    .argument('<id>', 'of the run, as agent run printed it (a folder in .scalability/runs)')
    .argument('[dir]', 'folder of the repository', '.')
    .option('--no-build', 'commit no changes to local branches')
    .option('--config <file>', 'configuration (default: scalability.config.json in <dir>)')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText('after', '\nExamples:\n  agent resume 20260101120000-3f2a')
    .action(async (id: string, dir: string, flags: { build: boolean; config?: string; json?: boolean }) => {
      const { runAgent } = await import('../loop/run.ts')
      const limits = { steps: 0, tokens: 0, dollars: 0, minutes: 0 }
      process.exitCode = await runAgent(dir, { model: '', limits, ...flags }, signal, id)
    })
}
