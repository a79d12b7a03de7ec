import { renderStats } from '../../reports/stats.ts'
import { readDatabase } from '../../tools/database/index.ts'
import type { LiveDatabase } from '../../tools/database/model.ts'
import { throwIfAborted, UserError } from '../../tools/errors.ts'
import { wantsColor } from '../color.ts'
import type { StatsFlags } from '../commands/stats.ts'
import { EXIT } from '../exit.ts'
import { auditedFolder } from '../folders.ts'
import { liveOptions } from '../live.ts'
import { TOOL_NAME, toolVersion } from '../package.ts'
import { createProgress } from '../progress.ts'
import { type StatsRows, statsFacts, statsSections } from './sections.ts'

/** Rows of a section on the page, unless --limit says otherwise. */
const ROWS = 10

/**
 * `agent stats`: what a running database says of itself. Only the reference of the linked project is read of the folder.
 * @throws UserError when no database is named or it cannot be asked
 */
export async function runStats(dir: string, options: StatsFlags, signal: AbortSignal): Promise<number> {
  const live = liveOptions(auditedFolder(dir), options, process.env)
  if (!live)
    throw new UserError(
      'no database is named: --db, SCALABILITY_DATABASE_URL, or SUPABASE_ACCESS_TOKEN with --project-ref',
    )
  const progress = createProgress({ quiet: options.json === true, stream: process.stderr, env: process.env })
  const read = await progress.step('Asking the database', () => readDatabase({ ...live, signal }))
  throwIfAborted(signal)
  if (read.status !== 'ran') {
    const [first = '', ...advice] = (read.status === 'failed' ? read.error : read.reason).split('\n')
    if (advice.length > 0) process.stderr.write(`${advice.join('\n')}\n`)
    throw new UserError(`the database could not be asked: ${first}`)
  }
  const wanted = statsSections(read.value).filter(({ id }) => !options.section || options.section.includes(id))
  process.stdout.write(
    options.json ? statsJson(read.value, wanted) : statsText(read.value, wanted, options.limit ?? ROWS),
  )
  return EXIT.fine
}

function statsText(live: LiveDatabase, wanted: readonly StatsRows[], limit: number): string {
  const page = {
    title: `${TOOL_NAME} ${toolVersion()} · running database`,
    facts: statsFacts(live),
    sections: wanted.map(({ section }) => section),
  }
  const color = wantsColor(process.stdout, process.env)
  return renderStats(page, { color, width: process.stdout.columns || undefined, limit })
}

/** All rows, numbers as numbers: bytes, milliseconds (seconds where a name says so), shares as 0..1. */
function statsJson(live: LiveDatabase, wanted: readonly StatsRows[]): string {
  const sections = wanted.map(({ id, rows }) => {
    if (rows.status === 'ran') return [id, { status: 'ran', rows: rows.value }]
    return [id, { status: 'failed', why: rows.status === 'failed' ? rows.error : rows.reason }]
  })
  const page = {
    formatVersion: 1,
    tool: { name: TOOL_NAME, version: toolVersion() },
    overview: live.overview,
    sections: Object.fromEntries(sections),
  }
  return `${JSON.stringify(page, null, 2)}\n`
}
