import type { Command } from 'commander'

export interface BuildOptions {
  item?: string
  json?: boolean
  config?: string
  /** False with --no-cache. */
  cache: boolean
  /** False with --no-shadow. */
  shadow: boolean
  quiet?: boolean
}

export function addBuildCommand(program: Command, signal: AbortSignal): void {
  program
    .command('build')
    .summary('write the changes that have a known fix, each on a local branch')
    .description(
      'Write the changes that have a known fix, check each, and commit it to a local branch of its own\n' +
        '(scalability/<playbook>-<key>), with a record and a pull request text in .scalability/changes/.\n' +
        'It works from the last commit, in a worktree outside of the repository: your files, index, stashes, hooks and the\n' +
        'branch you are on are not touched, nothing of the repository is executed, nothing is pushed.',
    )
    .argument('[dir]', 'folder of the repository', '.')
    .option('--item <key>', 'only this finding or change, by its key in assessment.json or in the list printed here')
    .option('--json', 'print the records as JSON and nothing else')
    .option('--config <file>', 'configuration (default: scalability.config.json in <dir>)')
    .option('--no-cache', 'read everything anew')
    .option('--no-shadow', 'do not replay the migrations into a private PostgreSQL: read the SQL files alone')
    .option('--quiet', 'print no progress')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  agent build\n' +
        '  agent build apps/web --item database/missing-index:public-orders-user_id:3f2a9c01\n' +
        '  git diff main...scalability/database-missing-index-1a2b3c4d\n' +
        '\nOutcomes: built, unchanged, declined (no safe fix could be written), rejected (the gate), not-proven,\n' +
        "foreign-commits (the branch is somebody else's now), failed (git or the disk).\n" +
        'Exit codes: 0 every change ended in one of these, 2 could not run or one failed, 130 interrupted.',
    )
    .action(async (dir: string, options: BuildOptions) => {
      const { runBuild } = await import('../changes/run.ts')
      process.exitCode = await runBuild(dir, options, signal)
    })
}
