import { type Command, InvalidArgumentError } from 'commander'
import { addDatabaseOptions, DATABASE_HELP, type DatabaseFlags } from '../databaseoptions.ts'
import { SECTION_IDS } from '../stats/ids.ts'
import { parseList } from './options.ts'

export interface StatsFlags extends DatabaseFlags {
  json?: boolean
  section?: string[]
  limit?: number
}

export function addStatsCommand(program: Command, signal: AbortSignal): void {
  const command = program
    .command('stats')
    .summary('what a running database says of itself')
    .description(
      'Show the statistics of a running PostgreSQL: what is slow, large, unused, locked or about to run out.\n' +
        'Reads statistics only, in read-only transactions; changes nothing.',
    )
    .argument('[dir]', 'folder of the repository, for the project it is linked to', '.')
    .option('--json', 'print all rows as JSON and nothing else')
    .option('--section <list>', `only these sections: ${SECTION_IDS.join(', ')}`, value =>
      parseList(value, SECTION_IDS, 'section'),
    )
    .option('--limit <rows>', 'rows of each section (default: 10)', parseRows)
  addDatabaseOptions(command)
    .addHelpText(
      'after',
      `${DATABASE_HELP}\n\nExamples:\n` +
        '  SCALABILITY_DATABASE_URL=postgresql://reader:…@host:5432/postgres agent stats\n' +
        '  agent stats --project-ref abcdefghijklmnopqrst --section outliers,unused-indexes\n' +
        '  agent stats --db postgresql://localhost:54322/postgres --allow-privileged-role --json',
    )
    .action(async (dir: string, options: StatsFlags) => {
      const { runStats } = await import('../stats/run.ts')
      process.exitCode = await runStats(dir, options, signal)
    })
}

function parseRows(value: string): number {
  const rows = Number(value)
  if (!Number.isInteger(rows) || rows < 1 || rows > 100_000)
    throw new InvalidArgumentError('It takes a number of rows.')
  return rows
}
