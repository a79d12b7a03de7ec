import type { ReplayFailure } from '../../../tools/schema/shadow/failures.ts'
import type { ShadowDatabase, ShadowServer } from '../../../tools/schema/shadow/many.ts'
import type { ReplayReport, ReplayScript } from '../../../tools/schema/shadow/replay.ts'
import { discover, type SqlSource } from '../../../tools/schema/sources/discover.ts'
import { withoutDown } from '../../../tools/schema/sources/sql.ts'
import { loadParser, parseScript } from '../../../tools/schema/sql/parse.ts'
import { sourceText } from '../../../tools/schema/sql/text.ts'
import type { GateReason } from '../verdict.ts'
import { brief, compareSnapshots } from './compare.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import { alone, judgeExecuted, judgeStatements, type StatementFinding } from './statements.ts'
import { stubsFor } from './stubs.ts'
import { words } from './tokens.ts'

export interface SchemaJudgement {
  rejected: GateReason[]
  undecided: GateReason[]
}

export interface SchemaFiles {
  /** Folder that holds the files before the change; only names are looked at, and a Drizzle journal. */
  root: string
  before: ReadonlyMap<string, string>
  after: ReadonlyMap<string, string>
}

const DOWN =
  /(\.down\.sql|\.rollback\.sql|\.undo\.sql|(^|\/)down\.sql|_down\.sql|_rollback\.sql)$|(^|\/)(down|rollbacks?|undo)\//i
const isSql = (file: string) => /\.sql$/i.test(file)

/** What the change makes of the database. `server` undefined: no PostgreSQL here, then only what is harmless by its kind passes. */
export async function judgeSchema(files: SchemaFiles, server: ShadowServer | undefined): Promise<SchemaJudgement> {
  const { before, after } = files
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter(file => isSql(file) && before.get(file) !== after.get(file))
    .sort()
  const out: SchemaJudgement = { rejected: [], undecided: [] }
  if (changed.length === 0) return out
  const sources = await orderedSources(files)
  const rewritten = changed.filter(file => before.has(file))
  const real = []
  for (const file of rewritten) {
    if (await sameStatements(before.get(file) ?? '', after.get(file))) continue
    const source = sources.find(one => one.files.some(member => member.file === file))
    if (isHistory(file, source))
      out.rejected.push({
        rule: 'migration-rewritten',
        object: file,
        evidence: after.has(file) ? 'an existing migration → other statements' : 'an existing migration → deleted',
        file,
        line: 1,
      })
    else real.push(file)
  }
  const added = changed.filter(file => !before.has(file))
  const up = added.filter(file => !DOWN.test(file))
  const down = added.filter(file => DOWN.test(file))
  if (up.length + down.length + real.length === 0) return out
  const collect = (findings: StatementFinding[]) => {
    for (const { reason, undecided } of findings) (undecided ? out.undecided : out.rejected).push(reason)
  }
  const order = sources.flatMap(source => source.files.map(({ file }) => file)).filter(file => before.has(file))
  const baseFiles = order.length > 0 ? order : [...before.keys()].filter(file => isSql(file) && !DOWN.test(file)).sort()
  const scripts = await Promise.all(baseFiles.map(file => scriptOf(file, before.get(file) ?? '')))
  const ups = await Promise.all(up.map(file => scriptOf(file, after.get(file) ?? '')))
  const downs = await Promise.all(down.map(file => scriptOf(file, after.get(file) ?? '')))
  const changedScripts = await Promise.all(
    real.flatMap(file => (after.has(file) ? [scriptOf(file, after.get(file) ?? '')] : [])),
  )
  if (!server) {
    for (const script of [...ups, ...changedScripts]) {
      collect(await judgeStatements(script.items, { before: undefined, executed: undefined }))
      collect(unreplayed(script, undefined))
    }
    for (const script of downs)
      out.undecided.push({
        rule: 'no-database',
        object: script.migration.file,
        evidence: 'the way back cannot be replayed: there is no PostgreSQL',
        file: script.migration.file,
      })
    return out
  }
  let stubs = ''
  for (let round = 0; ; round++) {
    const attempt = await tryOut(server, { files, scripts, ups, downs, real, baseFiles, stubs })
    const more = round < MAX_ROUNDS ? stubsFor(attempt.missing, stubs) : undefined
    if (more === undefined)
      return { rejected: [...out.rejected, ...attempt.rejected], undecided: [...out.undecided, ...attempt.undecided] }
    stubs = more
  }
}

/** Each round finds the tables, then the columns of those, that a fragment leaves out. */
const MAX_ROUNDS = 8

/** Failures of the base up to which it is taken for a fragment whose missing tables are put in. */
const MAX_GUESSED = 25

interface Attempt {
  files: SchemaFiles
  scripts: ReplayScript[]
  ups: ReplayScript[]
  downs: ReplayScript[]
  real: string[]
  baseFiles: string[]
  stubs: string
}

/** One replay of everything, on what a fragment leaves out put in by guess (and locked). */
async function tryOut(
  server: ShadowServer,
  { files, scripts, ups, downs, real, baseFiles, stubs }: Attempt,
): Promise<SchemaJudgement & { missing: ReplayFailure[] }> {
  const out: SchemaJudgement & { missing: ReplayFailure[] } = { rejected: [], undecided: [], missing: [] }
  const collect = (findings: StatementFinding[]) => {
    for (const { reason, undecided } of findings) (undecided ? out.undecided : out.rejected).push(reason)
  }
  const database = await server.open()
  try {
    if (stubs) await database.replay([await scriptOf('(not among the files)', stubs)])
    const base = await database.replay(scripts)
    // A whole repository that does not replay is no fragment; what it lacks is not guessed.
    if (base.failures.length <= MAX_GUESSED) out.missing.push(...base.failures.filter(isMissing))
    const then = await takeSnapshot(database.control)
    await database.executed()
    if (real.length > 0) await judgeDeclarative(server, { files, baseFiles, real, then, base, stubs, collect, out })
    const report = await database.replay(ups)
    if (base.failures.length <= MAX_GUESSED) out.missing.push(...report.failures.filter(isMissing))
    const executed = await database.executed()
    const now = await takeSnapshot(database.control)
    for (const script of ups) {
      collect(await judgeStatements(script.items, { before: then, executed }))
      collect(failuresOf(script, report))
    }
    if (executed) collect(await judgeExecuted(executed, then, ups[0]?.migration.file ?? ''))
    out.rejected.push(...locate(await compareSnapshots(then, now), ups))
    if (downs.length > 0) await judgeDowns(database, downs, then, collect, out)
  } finally {
    await database.close()
  }
  return out
}

/** The way back must lead to the state before, or to a stricter one. */
async function judgeDowns(
  database: ShadowDatabase,
  downs: ReplayScript[],
  then: Snapshot,
  collect: (findings: StatementFinding[]) => void,
  out: SchemaJudgement,
): Promise<void> {
  const report = await database.replay(downs)
  const end = await takeSnapshot(database.control)
  const executed = await database.executed()
  out.rejected.push(
    ...locate(await compareSnapshots(then, end), downs).map(reason => ({
      ...reason,
      evidence: `after the way back: ${reason.evidence}`,
    })),
  )
  for (const script of downs) {
    collect(await judgeStatements(script.items, { before: then, executed }))
    collect(failuresOf(script, report))
  }
}

interface Declarative {
  files: SchemaFiles
  baseFiles: string[]
  real: string[]
  then: Snapshot
  base: ReplayReport
  stubs: string
  collect: (findings: StatementFinding[]) => void
  out: SchemaJudgement
}

/** Schema files that describe the whole database: the state after is made from nothing. */
async function judgeDeclarative(
  server: ShadowServer,
  { files, baseFiles, real, then, base, stubs, collect, out }: Declarative,
): Promise<void> {
  const { before, after } = files
  const scripts = await Promise.all(
    baseFiles.filter(file => after.has(file)).map(file => scriptOf(file, after.get(file) ?? '')),
  )
  const database = await server.open()
  try {
    if (stubs) await database.replay([await scriptOf('(not among the files)', stubs)])
    await database.executed()
    const report = await database.replay(scripts)
    const executed = await database.executed()
    const now = await takeSnapshot(database.control)
    const touched = scripts.filter(script => real.includes(script.migration.file))
    out.rejected.push(...locate(await compareSnapshots(then, now), touched))
    const known = new Set(base.failures.map(failure => failure.statement))
    for (const failure of report.failures)
      if (!known.has(failure.statement) && !failure.recovered)
        collect([{ reason: replayReason(failure), undecided: true }])
    for (const script of touched) {
      const old = new Set(
        (await scriptOf(script.migration.file, before.get(script.migration.file) ?? '')).items.map(item =>
          words(item.sql),
        ),
      )
      collect(
        await judgeStatements(
          script.items.filter(item => !old.has(words(item.sql))),
          { before: then, executed },
        ),
      )
    }
  } finally {
    await database.close()
  }
}

const isMissing = (failure: ReplayFailure) => failure.cause === 'missing-object' && !failure.ours

/** Statements that failed: judged alone when the fragment lacks what they act on, else not to be judged. */
function failuresOf(script: ReplayScript, report: ReplayReport): StatementFinding[] {
  const refused = report.refused.filter(({ location }) => location.file === script.migration.file)
  return [
    ...refused.map(({ location, why }) => ({
      reason: {
        rule: 'refused',
        object: `line ${location.line}`,
        evidence: why,
        file: location.file,
        line: location.line,
      },
    })),
    ...unreplayed(script, report),
  ]
}

function unreplayed(script: ReplayScript, report: ReplayReport | undefined): StatementFinding[] {
  const out: StatementFinding[] = []
  for (const item of script.items) {
    if (!('node' in item)) continue
    const line = item.source.line(item.start)
    const failure = report?.failures.find(
      one => one.location.file === script.migration.file && one.location.line === line && !one.recovered,
    )
    if (report && !failure) continue
    const verdict = alone(item.node)
    if (
      !verdict &&
      (!failure || failure.cause === 'missing-object' || failure.ours || failure.cause === 'already-exists')
    )
      continue
    const evidence = `${verdict?.why ?? 'failed'}${failure ? `: ${failure.message}` : ''}`
    out.push({
      reason: {
        rule: report ? 'replay-failed' : 'no-database',
        object: brief(item.sql, 80),
        evidence,
        file: script.migration.file,
        line,
      },
      undecided: verdict?.undecided ?? true,
    })
  }
  return out
}

function replayReason(failure: ReplayFailure): GateReason {
  return {
    rule: 'replay-failed',
    object: brief(failure.statement, 80),
    evidence: failure.message,
    file: failure.location.file,
    line: failure.location.line,
  }
}

/** The statement of the change that names the object: where a reviewer looks. */
function locate(reasons: GateReason[], scripts: ReplayScript[]): GateReason[] {
  return reasons.map(reason => {
    const names = [...reason.object.matchAll(/"([^"]+)"|([\w.]+)/g)]
      .map(match => match[1] ?? match[2]!.split('.').at(-1)!)
      .filter(name => name.length > 2)
    for (const name of names.reverse())
      for (const script of [...scripts].reverse())
        for (const item of [...script.items].reverse())
          if (item.sql.toLowerCase().includes(name.toLowerCase()) && !GENERIC.has(name))
            return { ...reason, file: script.migration.file, line: item.source.line(item.start) }
    const [first] = scripts
    return first ? { ...reason, file: first.migration.file, line: 1 } : reason
  })
}

const GENERIC = new Set([
  'table',
  'column',
  'policy',
  'function',
  'view',
  'public',
  'trigger',
  'constraint',
  'policies',
  'on',
  'to',
  'of',
  'schema',
  'role',
])

async function orderedSources({ root, before }: SchemaFiles): Promise<SqlSource[]> {
  const { sql } = await discover(root, [...before.keys()])
  const migrations = sql.filter(({ kind }) => kind === 'migrations')
  return migrations.length > 0 ? migrations : sql.slice(0, 1)
}

function isHistory(file: string, source: SqlSource | undefined): boolean {
  return source?.kind === 'migrations' || /(^|\/)migrations?\//i.test(file) || /\/migration\.sql$/.test(file)
}

async function scriptOf(file: string, text: string): Promise<ReplayScript> {
  const source = sourceText(file, withoutDown(text))
  return { migration: { file, version: '', tool: 'other' }, source, items: parseScript(await loadParser(), source) }
}

/** Comments and layout are not history. */
async function sameStatements(before: string, after: string | undefined): Promise<boolean> {
  if (after === undefined) return false
  const parser = await loadParser()
  const shape = (text: string) =>
    parseScript(parser, sourceText('', text)).map(item =>
      'node' in item
        ? JSON.stringify(item.node, (key, value) => (/location$|_len$/.test(key) ? undefined : value))
        : item.sql,
    )
  return JSON.stringify(shape(before)) === JSON.stringify(shape(after))
}
