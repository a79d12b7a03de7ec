import type { Command } from 'commander'
import { parseCount } from './options.ts'

export interface PublishCommandOptions {
  yes?: boolean
  repo?: string
  remote: string
  base?: string
  maxOpen: number
  maxNew: number
  /** False with --no-draft. */
  draft: boolean
  show?: boolean
  json?: boolean
}

export function addPublishCommand(program: Command, signal: AbortSignal): void {
  program
    .command('publish')
    .summary('open the built changes as draft pull requests on GitHub')
    .description(
      'Bring the changes that `agent build` committed to GitHub, one draft pull request each.\n' +
        'A dry run unless --yes: it says what would happen and writes nothing. What a person closed stays closed;\n' +
        'commits that others pushed are never overwritten; the same change again updates its own pull request.\n' +
        'The token is read from GITHUB_TOKEN (or GH_TOKEN): "Contents: write" and "Pull requests: write".',
    )
    .argument('[dir]', 'folder of the repository', '.')
    .option('--yes', 'write to GitHub')
    .option('--show', 'print the text of each pull request')
    .option('--repo <owner/name>', 'the repository (default: from the remote)')
    .option('--remote <name>', 'remote that leads to it', 'origin')
    .option('--base <branch>', "branch to merge into (default: the repository's own)")
    .option('--max-open <n>', 'open no more while this many pull requests of ours are open', parseCount, 3)
    .option('--max-new <n>', 'open at most this many in one run', parseCount, 1)
    .option('--no-draft', 'open them ready for review (private repositories on the free plan know no drafts)')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  agent publish --show\n' +
        '  GITHUB_TOKEN=… agent publish --yes\n' +
        '  agent publish apps/web --repo octo/shop --json\n' +
        '\nExit codes: 0 done, 1 GitHub refused at least one change, 2 could not run.',
    )
    .action(async (dir: string, options: PublishCommandOptions) => {
      const { runPublish } = await import('../publish/run.ts')
      process.exitCode = await runPublish(dir, options, signal)
    })
}
