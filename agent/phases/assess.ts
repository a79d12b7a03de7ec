import { basename, join } from 'node:path'
import type { Area } from '../../playbooks/finding.ts'
import { type Judgement, judge } from '../../playbooks/judge.ts'
import type { Evidence, Playbook } from '../../playbooks/playbook.ts'
import { loadPlaybooks } from '../../playbooks/registry.ts'
import type { Assessment, AssessmentFinding } from '../../reports/assessment.ts'
import { compareFindings } from '../../reports/view.ts'
import type { Problem } from '../../tools/code/workspace.ts'
import type { LiveOptions } from '../../tools/database/index.ts'
import { throwIfAborted } from '../../tools/errors.ts'
import { readRegular } from '../../tools/safefile.ts'
import type { LoadedConfig } from '../config.ts'
import { matcherOf } from '../glob.ts'
import { maskSecrets } from '../mask.ts'
import { TOOL_NAME, toolVersion } from '../package.ts'
import type { Progress } from '../progress.ts'
import { type CacheOrigin, cacheOrigin, headCommit, openGit } from '../since/git.ts'
import { resolveSince, whichChanged } from '../since/since.ts'
import { applySuppressions } from '../suppress/apply.ts'
import { suppressibleFiles } from '../suppress/files.ts'
import { readSuppressions } from '../suppress/read.ts'
import { compareText, oneLine } from '../text.ts'
import { databaseReport, replayProblems } from './database/report.ts'
import { excerptReader } from './excerpt.ts'
import { type CodeFacts, codeFacts } from './facts.ts'
import { notInvestigated } from './gaps.ts'
import { type GatheredEvidence, gatherEvidence } from './gather.ts'
import { plansReport } from './plansreport.ts'
import { selectPlaybooks } from './select.ts'

export interface AssessRequest {
  /** Absolute path of the audited folder, links resolved. */
  root: string
  config: LoadedConfig
  areas?: Area[]
  /** Names of playbooks. */
  only?: string[]
  /** Commit, branch or tag. */
  since?: string
  /** Keys of findings that are known already. */
  baseline?: ReadonlySet<string>
  /** Absolute path of the folder for the cache, when one is to be used. It is made when there is something to keep. */
  cacheDir?: string
  /** False with --no-shadow: the migrations are read, not replayed. */
  shadow: boolean
  /** Where the running database is; absent when nobody said. */
  live?: LiveOptions
  /** Seconds for running queries on seeded rows, 0 to plan them only; absent: no plans. */
  plans?: number
  progress: Progress
  signal: AbortSignal
  /** Milliseconds since the epoch; a parameter so that two runs can be compared byte by byte. */
  now: number
}

export const SCHEMA_URL = 'https://unpkg.com/scalability-agent/schemas/assessment.schema.json'

/**
 * The whole analysis of a checkout: gather, judge, settle what is suppressed or known, put together. Reads the folder, writes
 * nothing but the cache, and runs nothing of the audited repository. The same input gives the same bytes, times aside.
 *
 * @returns the assessment, and what it was judged from: fixes read it
 * @throws UserError when there is nothing to assess or a request cannot be met; AbortedError after a Ctrl-C
 */
export async function assessWithEvidence(
  request: AssessRequest,
): Promise<{ assessment: Assessment; evidence: Evidence }> {
  const { root, config, progress, signal } = request
  const all = await loadPlaybooks()
  const areas = request.areas ?? config.config.areas
  const playbooks = selectPlaybooks(all, areas, request.only)
  const since = request.since === undefined ? undefined : await resolveSince(root, request.since, signal)
  const git = since?.git ?? (await openGit(root, signal))
  const commit = await headCommit(git)
  const origin = request.cacheDir === undefined ? 'ours' : await cacheOrigin(git)
  const cacheDir = origin === 'ours' ? request.cacheDir : undefined

  const gathered = await gatherEvidence({
    root,
    exclude: config.config.exclude,
    cacheDir,
    progress,
    signal,
    shadow: request.shadow,
    live: request.live,
    ...(request.plans === undefined ? {} : { plans: { rows: config.config.rows, seconds: request.plans } }),
  })
  try {
    const found = { commit, origin, since, all, playbooks, areas }
    return await conclude(request, gathered, found)
  } finally {
    await gathered.close()
  }
}

type Since = Awaited<ReturnType<typeof resolveSince>>

interface Found {
  commit: string | null
  origin: CacheOrigin
  since: Since | undefined
  /** All playbooks there are, and those of this run. */
  all: readonly Playbook[]
  playbooks: readonly Playbook[]
  areas: Area[] | undefined
}

/** From the evidence to the assessment; the shadow database, if any, is there until this ends. */
async function conclude(
  request: AssessRequest,
  gathered: GatheredEvidence,
  found: Found,
): Promise<{ assessment: Assessment; evidence: Evidence }> {
  const { root, progress, signal } = request
  const { evidence, shadow } = gathered
  const { all, playbooks, areas, since, origin } = found
  const { code, schema } = evidence
  const facts =
    code.status === 'ran' ? codeFacts(code.value, schema.status === 'ran' ? schema.value : undefined) : undefined
  const database = databaseReport(evidence, shadow)
  const started = performance.now()
  const judgement = await progress.step('Judging', async () => judge(playbooks, evidence))
  const judgedMs = performance.now() - started
  throwIfAborted(signal)

  const kept = await keepWanted(request, since, judgement)
  const settled = await settle(request, all, judgement, kept, gathered.files)
  const assessment: Assessment = {
    $schema: SCHEMA_URL,
    formatVersion: 1,
    tool: { name: TOOL_NAME, version: toolVersion() },
    repository: { name: repositoryName(root), commit: found.commit },
    generatedAt: new Date(request.now).toISOString(),
    timings: timings(evidence, judgedMs),
    scope: scopeOf(areas, request),
    apps: facts?.apps ?? [],
    summary: summaryOf(facts, evidence),
    database,
    ...(evidence.plans?.status === 'ran' ? { plans: plansReport(evidence.plans.value) } : {}),
    conventions: facts?.conventions ?? {},
    routes: facts?.routes ?? [],
    accesses: facts?.accesses ?? [],
    playbooks: playbooksOf(playbooks, judgement),
    findings: settled.findings,
    capacity: null,
    notInvestigated: notInvestigated({ evidence, shadow, facts, judgement, all, areas, request }),
    problems: problemsOf(evidence, [...replayProblems(database), ...settled.problems, ...cacheProblems(origin)]),
  }
  return { assessment, evidence }
}

/** Facts that came with the code could say anything about it. */
function cacheProblems(origin: CacheOrigin): Problem[] {
  if (origin === 'ours') return []
  const message =
    origin === 'committed'
      ? 'a cache is committed here; it was not used, and should not be committed'
      : 'no cache was used: git refuses this folder (it may belong to another user, see safe.directory)'
  return [{ message, file: '.scalability' }]
}

const MAX_MANIFEST_BYTES = 1024 * 1024

/** The name in package.json, so that copies of a checkout give the same assessment; else that of the folder. */
function repositoryName(root: string): string {
  const { bytes } = readRegular(join(root, 'package.json'), { maxBytes: MAX_MANIFEST_BYTES })
  try {
    const manifest: unknown = JSON.parse(bytes?.toString('utf8') ?? '')
    const name = manifest && typeof manifest === 'object' && 'name' in manifest ? manifest.name : undefined
    return typeof name === 'string' && name.trim() !== '' ? oneLine(name, 100) : basename(root)
  } catch {
    return basename(root)
  }
}

/** Without what the configuration excludes and, with --since, what has not changed. */
async function keepWanted(
  request: AssessRequest,
  since: Since | undefined,
  { findings }: Judgement,
): Promise<Judgement['findings']> {
  const isExcluded = matcherOf(request.config.config.exclude ?? [])
  const wanted = findings.filter(({ location }) => !isExcluded(location.file))
  if (!since) return wanted
  const places = wanted.map(({ location, evidence }) => [location, ...evidence.flatMap(item => item.location ?? [])])
  const changed = await whichChanged(request.root, since.git, since.commit, places)
  return wanted.filter((_, index) => changed[index])
}

/** Gives each finding its status and its excerpt, and ranks them. */
async function settle(
  request: AssessRequest,
  all: readonly Playbook[],
  judgement: Judgement,
  findings: Judgement['findings'],
  files: readonly string[],
): Promise<{ findings: AssessmentFinding[]; problems: Problem[] }> {
  const { config, file } = request.config
  const comments = await readSuppressions(request.root, suppressibleFiles(files).sort(compareText))
  const ran = judgement.statuses.filter(({ status }) => status === 'ran').map(({ ref }) => ref)
  // Suppressions are matched with everything that was found: one in an unchanged file is not unused because of --since.
  const { byKey, problems } = applySuppressions(judgement.findings, {
    comments,
    config: config.suppress ?? [],
    configFile: file,
    playbooks: all.map(({ ref }) => ref),
    ran: new Set(ran),
  })
  const areaOf = new Map(all.map(({ ref, area }) => [ref, area]))
  const excerptOf = excerptReader(request.root)
  const settled = findings.map((finding): AssessmentFinding => {
    const suppression = byKey.get(finding.key)
    const known = request.baseline?.has(finding.key) ?? false
    return {
      ...finding,
      title: maskSecrets(finding.title),
      evidence: finding.evidence.map(item => ({ ...item, text: maskSecrets(item.text) })),
      area: areaOf.get(finding.playbook),
      status: suppression ? 'suppressed' : known ? 'baseline' : 'open',
      ...(suppression ? { suppression: { ...suppression, reason: maskSecrets(suppression.reason) } } : {}),
      excerpt: excerptOf(finding.location),
    }
  })
  return { findings: settled.sort(compareFindings), problems }
}

function timings({ code, schema, database, plans }: Evidence, judgedMs: number): Record<string, number> {
  return {
    ...(code.status === 'ran' ? { code: Math.round(code.ms) } : {}),
    ...(schema.status === 'ran' ? { schema: Math.round(schema.ms) } : {}),
    ...(database.status === 'ran' ? { database: Math.round(database.ms) } : {}),
    ...(plans?.status === 'ran' ? { plans: Math.round(plans.ms) } : {}),
    judge: Math.round(judgedMs),
  }
}

function scopeOf(areas: Area[] | undefined, { only, since }: AssessRequest): Assessment['scope'] {
  return { ...(areas ? { areas } : {}), ...(only ? { playbooks: only } : {}), ...(since ? { since } : {}) }
}

function summaryOf(facts: CodeFacts | undefined, { code, schema }: Evidence): Assessment['summary'] {
  if (!facts || code.status !== 'ran') return undefined
  const modes: Record<string, number> = {}
  for (const { rendering } of facts.routes) if (rendering) modes[rendering.mode] = (modes[rendering.mode] ?? 0) + 1
  return {
    files: code.value.stats.files,
    // Those within reach of an entry point, whether they were parsed now or their facts came from the cache.
    filesParsed: code.value.stats.reached,
    routes: Object.fromEntries(Object.entries(modes).sort(([a], [b]) => compareText(a, b))),
    tables: schema.status === 'ran' ? schema.value.tables.filter(table => !table.platform).length : null,
    accesses: facts.accesses.length,
    unknown: facts.unknown,
  }
}

function playbooksOf(playbooks: readonly Playbook[], { statuses }: Judgement): Assessment['playbooks'] {
  return playbooks.map(({ ref, title, area, severity, fix, body }, index) => {
    const { status = 'skipped', reason } = statuses[index] ?? {}
    return { ref, title, area, severity, fix, help: body, status, ...(reason ? { reason } : {}) }
  })
}

function problemsOf({ code, schema }: Evidence, own: readonly Problem[]): Problem[] {
  const schemaProblems = schema.status === 'ran' ? schema.value.problems : []
  const problems = [
    ...(code.status === 'ran' ? code.value.problems : []),
    ...schemaProblems.map(({ message, location }) => ({ message, file: location.file, line: location.line })),
    ...own,
  ]
  return problems
    .map(problem => ({ ...problem, message: maskSecrets(problem.message) }))
    .sort(
      (a, b) =>
        compareText(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || compareText(a.message, b.message),
    )
}
