import type { Command } from 'commander'
import { AREAS, type Area, SEVERITIES } from '../../playbooks/finding.ts'
import { FORMATS, type Format } from '../../reports/format.ts'
import { addDatabaseOptions, DATABASE_HELP, type DatabaseFlags } from '../databaseoptions.ts'
import { parseAreas, parseCount, parseFormats, parseNames, parseThreshold, type Threshold } from './options.ts'

export interface AssessOptions extends DatabaseFlags {
  json?: boolean
  format?: Format[]
  out?: string
  area?: Area[]
  only?: string[]
  since?: string
  baseline?: string
  failOn?: Threshold
  config?: string
  /** False with --no-cache. */
  cache: boolean
  /** False with --no-shadow. */
  shadow: boolean
  plans?: boolean
  /** Seconds; implies `plans`. */
  runQueries?: number
  quiet?: boolean
}

export function addAssessCommand(program: Command, signal: AbortSignal): void {
  const command = program
    .command('assess')
    .summary('find what will not hold under load, in a checkout')
    .description(
      'Assess the Next.js apps in a folder and write the reports (JSON, Markdown, SARIF, HTML).\n' +
        'Nothing of the folder is executed; nothing is written outside of .scalability/ and the report folder.',
    )
    .argument('[dir]', 'folder of the repository', '.')
    .option('--json', 'print the assessment as JSON and nothing else (reports are written only with --out or --format)')
    .option('--format <list>', `what to print and write: ${FORMATS.join(', ')} (default: all)`, parseFormats)
    .option('--out <dir>', 'folder for the reports (default: scalability-report in <dir>); - prints the one --format')
    .option('--area <list>', `only these areas: ${AREAS.join(', ')}`, parseAreas)
    .option('--only <list>', 'only these playbooks, e.g. database/unbounded-query,n-plus-one', parseNames)
    .option('--since <ref>', 'only findings in code that changed since a commit, branch or tag')
    .option('--baseline <file>', 'an earlier assessment.json: what it holds is not new')
    .option(
      '--fail-on <severity>',
      `exit with 1 when an open finding is at least ${SEVERITIES.join(', ')}; or none`,
      parseThreshold,
    )
    .option('--config <file>', 'configuration (default: scalability.config.json in <dir>)')
    .option('--no-cache', 'read everything anew, leave no .scalability folder')
    .option('--no-shadow', 'read the migrations without replaying them in a private PostgreSQL')
    .option(
      '--plans',
      'plan every query at the rows of the target, and try the proposed indexes and policies (private PostgreSQL)',
    )
    .option('--run-queries <seconds>', 'the same, and run the queries on seeded rows for as long', parseCount)
    .option('--quiet', 'print no progress, and no summary unless --format names terminal')
  addDatabaseOptions(command)
    .addHelpText(
      'after',
      `${DATABASE_HELP}\n\nExamples:\n` +
        '  agent assess\n' +
        '  agent assess apps/web --area database,api --fail-on high\n' +
        '  agent assess --plans\n' +
        '  agent assess --run-queries 120\n' +
        '  agent assess --since origin/main --format sarif --out -\n' +
        '  SCALABILITY_DATABASE_URL=postgresql://reader:…@host:5432/postgres agent assess\n' +
        '  agent assess --json > before.json && agent assess --baseline before.json',
    )
    .action(async (dir: string, options: AssessOptions) => {
      const { runAssess } = await import('../run.ts')
      process.exitCode = await runAssess(dir, options, signal)
    })
}
