import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ShadowServer, startShadowServer } from '../../tools/schema/shadow/many.ts'
import { judgeCode } from './code/judge.ts'
import { applied, type Base, readBase } from './input.ts'
import { manifestReasons, supabaseConfigReasons } from './manifests.ts'
import { caseReason, pathReason, protectedReason } from './paths.ts'
import { judgeSchema } from './schema/judge.ts'
import { hiddenReasons } from './text/hidden.ts'
import { plantedReasons } from './text/prompts.ts'
import type { GateReason, GateVerdict } from './verdict.ts'

export interface GateInput {
  /** The app before the change: an absolute folder, or files by posix path. It may be a fragment of an app. */
  base: Base
  /** Whole content of each file afterwards, by posix path; null deletes it. */
  files: Readonly<Record<string, string | null>>
}

/** Judges changes one after another on one PostgreSQL server. */
export interface Gate {
  judge(input: GateInput): Promise<GateVerdict>
  /** Ends the server. */
  close(): Promise<void>
}

export interface GateOptions {
  /** Judge without PostgreSQL, as where it cannot be started. */
  noDatabase?: boolean
  signal?: AbortSignal
}

/** Opens a gate for one or many changes; the server starts when the first change has SQL in it. */
export function openGate({ noDatabase, signal }: GateOptions = {}): Gate {
  let server: Promise<ShadowServer | undefined> | undefined
  const database = () => {
    server ??= noDatabase ? Promise.resolve(undefined) : startShadowServer({ signal }).catch(() => undefined)
    return server
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    judge(input) {
      // One at a time: roles are shared by all databases of a server.
      const verdict = last.then(() => judgeWith(input, database))
      last = verdict.catch(() => {})
      return verdict
    },
    async close() {
      await last
      await (await server)?.stop()
    },
  }
}

/**
 * What no change may do, decided without a model or the network: the same input gives the same verdict. What cannot be judged is not
 * accepted. Never throws for what stands in the files.
 */
export async function judgeChange(input: GateInput, options: GateOptions = {}): Promise<GateVerdict> {
  const gate = openGate(options)
  try {
    return await gate.judge(input)
  } finally {
    await gate.close()
  }
}

async function judgeWith(
  { base, files }: GateInput,
  database: () => Promise<ShadowServer | undefined>,
): Promise<GateVerdict> {
  const { files: before, links } = readBase(base)
  const rejected: GateReason[] = []
  const undecided: GateReason[] = []
  const effective = Object.entries(files).filter(([path, text]) =>
    text === null ? before.has(path) : before.get(path) !== text,
  )
  for (const [path, text] of effective) rejected.push(...fileReasons(path, text, before, links))
  // A path that leads elsewhere is not written anywhere, not even into a copy.
  if (rejected.some(({ rule }) => rule === 'path')) return verdictOf(rejected, undecided)
  const after = applied(before, Object.fromEntries(effective))
  rejected.push(...plantedIn(effective, before))
  const root = mkdtempSync(join(tmpdir(), 'scalability-gate-'))
  try {
    if (effective.some(([path]) => /\.sql$/i.test(path))) {
      const judged = await attempt('schema', undecided, async () =>
        judgeSchema({ root, before, after }, await database()),
      )
      rejected.push(...(judged?.rejected ?? []))
      undecided.push(...(judged?.undecided ?? []))
    }
    const judged = await attempt('code', undecided, () => judgeCode(before, after))
    rejected.push(...(judged?.rejected ?? []))
    undecided.push(...(judged?.undecided ?? []))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  return verdictOf(rejected, undecided)
}

async function attempt<T>(what: string, undecided: GateReason[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (process.env.SCALABILITY_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    undecided.push({
      rule: 'failed',
      object: what,
      evidence: error instanceof Error ? error.message.split('\n')[0]! : String(error),
    })
    return undefined
  }
}

function verdictOf(rejected: GateReason[], undecided: GateReason[]): GateVerdict {
  const unique = (reasons: GateReason[]) => [
    ...new Map(
      reasons.map(reason => [JSON.stringify([reason.rule, reason.object, reason.file, reason.line]), reason]),
    ).values(),
  ]
  if (rejected.length > 0) return { decision: 'reject', reasons: unique([...rejected, ...undecided]) }
  if (undecided.length > 0) return { decision: 'undecided', reasons: unique(undecided) }
  return { decision: 'accept', reasons: [] }
}

const CODE_OR_SQL = /\.([cm]?[jt]sx?|sql)$/i

function fileReasons(
  path: string,
  text: string | null,
  before: ReadonlyMap<string, string>,
  links: ReadonlySet<string>,
): GateReason[] {
  const bad =
    pathReason(path) ??
    (text === null || before.has(path) ? undefined : caseReason(path, before.keys())) ??
    linkReason(path, links)
  if (bad) return [bad]
  const was = before.get(path)
  const out: GateReason[] = []
  const kept = protectedReason(path, was !== undefined, text === null)
  if (kept) out.push(kept)
  out.push(...manifestReasons(path, was, text ?? undefined), ...supabaseConfigReasons(path, was, text ?? undefined))
  if (text === null) {
    if (!CODE_OR_SQL.test(path) && out.length === 0)
      out.push({ rule: 'behaviour-removed', object: path, evidence: 'there → deleted', file: path, line: 1 })
    if (/(\.|-|_)(test|spec)\.[cm]?[jt]sx?$|(^|\/)(__tests__|tests?|e2e)\//.test(path))
      out.push({ rule: 'tests-removed', object: path, evidence: 'there → deleted', file: path, line: 1 })
  } else out.push(...hiddenReasons(path, was, text))
  return out
}

function linkReason(path: string, links: ReadonlySet<string>): GateReason | undefined {
  const link = [...links].find(one => path === one || path.startsWith(`${one}/`))
  return link === undefined
    ? undefined
    : { rule: 'path', object: path, evidence: `${link} is a symbolic link: what is written there lands elsewhere` }
}

function plantedIn(effective: readonly [string, string | null][], before: ReadonlyMap<string, string>): GateReason[] {
  const known = new Set<string>()
  for (const [path] of effective) for (const line of before.get(path)?.split('\n') ?? []) known.add(line.trim())
  return effective.flatMap(([path, text]) =>
    text === null
      ? []
      : plantedReasons(
          path,
          text.split('\n').flatMap((line, index) => (known.has(line.trim()) ? [] : [{ text: line, line: index + 1 }])),
        ),
  )
}
