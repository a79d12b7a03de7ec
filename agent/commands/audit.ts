import type { Command } from 'commander'
import { SEVERITIES } from '../../playbooks/finding.ts'
import { addDatabaseOptions, DATABASE_HELP, type DatabaseFlags } from '../databaseoptions.ts'
import { parseThreshold, type Threshold } from './options.ts'

export interface AuditCommandOptions extends DatabaseFlags {
  history?: string
  out?: string
  json?: boolean
  failOnNew?: Threshold
  config?: string
  /** False with --no-cache. */
  cache: boolean
  /** False with --no-shadow. */
  shadow: boolean
}

export function addAuditCommand(program: Command, signal: AbortSignal): void {
  const command = program
    .command('audit')
    .summary('assess, and say what is new and what is fixed since the last audit')
    .description(
      'Assess the app, compare with the last audit, and write audit.md, audit.html and audit.json with the trend.\n' +
        'Made for a weekly job: keep the history folder between runs (see examples/weekly-audit.yml).',
    )
    .argument('[dir]', 'folder of the repository', '.')
    .option('--history <dir>', 'folder with the earlier audits (default: .scalability/audits in <dir>)')
    .option('--out <dir>', 'folder for the reports (default: scalability-report in <dir>)')
    .option('--json', 'print the comparison as JSON and nothing else')
    .option(
      '--fail-on-new <severity>',
      `exit with 1 when a new finding is at least ${SEVERITIES.join(', ')}; or none`,
      parseThreshold,
    )
    .option('--config <file>', 'configuration (default: scalability.config.json in <dir>)')
    .option('--no-cache', 'read everything anew')
    .option('--no-shadow', 'do not replay the migrations into a private PostgreSQL: read the SQL files alone')
  addDatabaseOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  agent audit\n' +
        '  agent audit apps/web --history audits --fail-on-new high\n' +
        `${DATABASE_HELP}\n` +
        '\nExit codes: 0 fine, 1 a new finding at or above --fail-on-new, 2 could not run, 130 interrupted.',
    )
    .action(async (dir: string, options: AuditCommandOptions) => {
      const { runAudit } = await import('../audit/run.ts')
      process.exitCode = await runAudit(dir, options, signal)
    })
}
