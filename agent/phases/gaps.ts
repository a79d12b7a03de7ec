import { AREAS, type Area } from '../../playbooks/finding.ts'
import type { Judgement } from '../../playbooks/judge.ts'
import type { Evidence, PlaybookDoc } from '../../playbooks/playbook.ts'
import type { Assessment } from '../../reports/assessment.ts'
import type { LiveDatabase } from '../../tools/database/model.ts'
import { UserError } from '../../tools/errors.ts'
import type { Gathered } from '../../tools/gathered.ts'
import type { Shadow } from '../../tools/schema/shadow/index.ts'
import { oneLine } from '../text.ts'
import type { CodeFacts } from './facts.ts'

const SOURCE_CODE = 'source code'

/**
 * The reports say it as well, but a pipeline reads the exit code: without the code nothing was judged.
 *
 * @throws UserError when the source code could not be read
 */
export function refuseUnread({ notInvestigated }: Pick<Assessment, 'notInvestigated'>): void {
  const unread = notInvestigated.find(({ what }) => what === SOURCE_CODE)
  if (unread) throw new UserError(`the source code ${unread.why} (set SCALABILITY_DEBUG=1 to see where)`)
}
export const LIVE_DATABASE = 'live database'

type Gap = Assessment['notInvestigated'][number]

export interface GapInput {
  evidence: Evidence
  shadow: Gathered<Shadow>
  facts: CodeFacts | undefined
  judgement: Judgement
  /** All playbooks there are. */
  all: readonly PlaybookDoc[]
  areas: readonly Area[] | undefined
  request: { only?: string[]; since?: string; config: { config: { exclude?: string[] } } }
}

/** What this run says nothing about, and why. A report must never look clean where nobody looked. */
export function notInvestigated(input: GapInput): Gap[] {
  return [...instruments(input), ...failedPlaybooks(input), ...narrowed(input), ...ALWAYS]
}

/** What no run of this version can look at. */
const ALWAYS: Gap[] = [
  { what: 'capacity (users held, what breaks first, cost)', why: 'not modelled yet' },
  {
    what: 'traffic',
    why: 'no access log or analytics was given: routes are ranked by what they do, not by how often they are called',
  },
]

function instruments({ evidence, shadow, facts, judgement }: GapInput): Gap[] {
  const gaps: Gap[] = []
  if (evidence.code.status !== 'ran') gaps.push({ what: SOURCE_CODE, why: whyNot(evidence.code) })
  if (evidence.schema.status !== 'ran') gaps.push({ what: 'database schema', why: whyNot(evidence.schema) })
  else if (shadow.status !== 'ran') {
    const from = evidence.schema.value.readFrom === 'live' ? 'the running database' : 'the files'
    gaps.push({ what: 'replay of the migrations', why: `${whyNot(shadow)}; the schema was read from ${from}` })
  }
  const waiting = judgement.statuses.filter(({ reason }) => reason?.startsWith('needs the running database')).length
  gaps.push(...database(evidence.database, waiting), ...plans(evidence.plans))
  if (facts && !facts.supabase) {
    gaps.push({
      what: 'Supabase',
      why: 'no app depends on @supabase/supabase-js: other data access and the routes were assessed',
    })
  }
  return gaps
}

function plans(gathered: Evidence['plans']): Gap[] {
  const what = 'query plans at production size'
  if (!gathered) return [{ what, why: 'only with --plans' }]
  if (gathered.status !== 'ran') return [{ what, why: whyNot(gathered) }]
  const empty = gathered.value.tables.filter(({ unseedable }) => unseedable !== undefined)
  return empty.map(({ schema, name, unseedable }) => ({ what: `${what}: ${schema}.${name}`, why: unseedable ?? '' }))
}

/** @param waiting playbooks that only a running database could answer: one line for all of them */
function database(live: Evidence['database'], waiting: number): Gap[] {
  if (live.status !== 'ran') {
    const needed =
      live.status === 'skipped' && waiting > 0
        ? ` (${waiting} ${waiting === 1 ? 'playbook needs' : 'playbooks need'} it)`
        : ''
    return [{ what: LIVE_DATABASE, why: `${whyNot(live)}${needed}` }]
  }
  return Object.entries(live.value).flatMap(([section, part]: [string, LiveDatabase[keyof LiveDatabase]]) =>
    'status' in part && part.status !== 'ran' ? [{ what: `${LIVE_DATABASE}: ${section}`, why: whyNot(part) }] : [],
  )
}

function failedPlaybooks({ judgement }: GapInput): Gap[] {
  return judgement.statuses
    .filter(({ status, reason }) => status !== 'ran' && !reason?.startsWith('needs the running database'))
    .map(({ ref, status, reason }) => ({
      what: ref,
      why: oneLine(`${status === 'failed' ? 'its check failed: ' : ''}${reason ?? 'skipped'}`),
    }))
}

function narrowed({ all, areas, request }: GapInput): Gap[] {
  const gaps: Gap[] = []
  for (const area of AREAS) {
    if (areas && !areas.includes(area)) gaps.push({ what: area, why: `narrowed to ${areas.join(', ')}` })
    else if (!all.some(playbook => playbook.area === area))
      gaps.push({ what: area, why: 'no playbooks for this area yet' })
  }
  if (request.only) gaps.push({ what: 'other playbooks', why: `narrowed to ${request.only.join(', ')}` })
  if (request.since) gaps.push({ what: 'unchanged code', why: `narrowed to what changed since ${request.since}` })
  const exclude = request.config.config.exclude
  if (exclude?.length)
    gaps.push({ what: `files that match ${exclude.join(', ')}`, why: 'excluded by the configuration' })
  return gaps
}

function whyNot<T>(gathered: Gathered<T>): string {
  if (gathered.status === 'ran') return ''
  if (gathered.status === 'skipped') return gathered.reason
  // What follows the first line is advice, and stands elsewhere.
  return `could not be read: ${oneLine(gathered.error.split('\n')[0] ?? '')}`
}
