import type { Command } from 'commander'
import type { GateCommandOptions } from '../gate/run.ts'

export function addGateCommand(program: Command, signal: AbortSignal): void {
  program
    .command('gate')
    .summary('judge a change: what it weakens, exposes, loses or hides')
    .description(
      'Judge a change against the app before it: the resulting database schema, the resulting app, and the text.\n' +
        'Deterministic: no model, no network. Nothing of the app is executed but its migrations, in a PostgreSQL of its own.\n' +
        'What cannot be judged is not accepted.',
    )
    .option('--base <dir>', 'the app before the change; a fragment (a few files) will do')
    .option('--change <file>', 'the change: JSON {"files": {"path": "new content, or null to delete"}}, or a patch')
    .option(
      '--batch <path>',
      'many cases: a folder of folders with base/ and change.json or change.patch, or a .jsonl file',
    )
    .option('--json', 'print the verdict as JSON and nothing else')
    .option('--no-database', 'judge SQL without PostgreSQL: only what is harmless by its kind is accepted')
    .addHelpText(
      'after',
      '\nLines of a .jsonl file: {"id": "a", "base": "folder" or {"path": "content"}, "change": {"files": {…}} or "a patch"}\n' +
        '\nExit codes: 0 accepted, 1 rejected, 2 could not be judged (or could not run). With --batch the worst of all cases.\n' +
        '\nExamples:\n' +
        '  git diff main > change.patch && agent gate --base ../app-at-main --change change.patch\n' +
        '  agent gate --base . --change change.json --json\n' +
        '  agent gate --batch cases --json',
    )
    .action(async (options: GateCommandOptions) => {
      const { runGate } = await import('../gate/run.ts')
      process.exitCode = await runGate(options, signal)
    })
}
