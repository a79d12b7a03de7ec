import type { Command } from 'commander'
import { type DocOptions, withDocOptions } from './plan.ts'

export function addDocumentCommand(program: Command, signal: AbortSignal): void {
  withDocOptions(program.command('document'))
    .summary('write a runbook and a load test for this app')
    .description(
      'Write docs/SCALABILITY-RUNBOOK.md, docs/SCALABILITY-LOAD-TEST.md and k6 scripts in docs/load-test/, made of the\n' +
        'routes, queries and findings of this app. Only the blocks between the markers and the scripts are replaced; what you\n' +
        'write outside of them, and the values for the scripts, stay.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  agent document\n' +
        '  agent document apps/web --check\n' +
        '  k6 run -e BASE_URL=https://staging.example.com docs/load-test/public.js\n' +
        '\nExit codes: 0 written (or up to date), 1 out of date with --check, 2 could not run, 130 interrupted.',
    )
    .action(async (dir: string, options: DocOptions) => {
      const { runDocument } = await import('../changes/rundocs.ts')
      process.exitCode = await runDocument(dir, options, signal)
    })
}
