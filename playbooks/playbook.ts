import type { AppModel } from '../tools/code/model.ts'
import type { LiveDatabase } from '../tools/database/model.ts'
import type { Gathered } from '../tools/gathered.ts'
import type { PlanModel } from '../tools/plans/model.ts'
import type { SchemaModel } from '../tools/schema/model.ts'
import type { FixOutcome } from '../tools/workspace/change.ts'
import type { Area, DetectedFinding, Finding, Severity } from './finding.ts'

/** Everything that was gathered. Detectors read nothing else: no file system, no network, no clock. */
export interface Evidence {
  code: Gathered<AppModel>
  /** From the catalogs of the shadow database where the migrations could be replayed (`readFrom: 'shadow'`), else from the files. */
  schema: Gathered<SchemaModel>
  /** Statistics and definitions of the running database. */
  database: Gathered<LiveDatabase>
  /** Plans of the accesses at the size of the target, and what the planner says to proposed indexes and policies. */
  plans?: Gathered<PlanModel>
}

export type EvidenceName = keyof Evidence

/** Evidence with the instruments named in `needs` unwrapped: `judge` calls a detector only when all of them ran. */
export interface DetectInput {
  code: AppModel
  /** Present when the schema could be read. A detector that lists `schema` in `needs` may rely on it. */
  schema: SchemaModel | undefined
  /**
   * The running database, absent in most runs. A detector that lists `database` in `needs` may rely on it; each section of it
   * is `Gathered` by itself, and its age stands in `overview`.
   */
  database: LiveDatabase | undefined
  /** Absent when nothing was planned: a detector keeps what it knows without. */
  plans?: PlanModel | undefined
}

/** `playbooks/<area>/<id>/detect.ts` exports `detect`. Pure: same input, same findings, same order. */
export type Detect = (input: DetectInput) => DetectedFinding[]

/** Frontmatter of playbook.md. */
export interface PlaybookMeta {
  id: string
  title: string
  area: Area
  severity: Severity
  needs: EvidenceName[]
  /** e.g. { next: ">=13.4 <17" }; absent = all versions. */
  appliesTo?: { next?: string }
  fix: 'auto' | 'draft' | 'advice'
  /** True when the problem is one of security or privacy whatever its place. */
  security?: boolean
  sources: string[]
}

/** What playbook.md says, without its detector. */
export interface PlaybookDoc extends PlaybookMeta {
  /** `<area>/<id>`. */
  ref: string
  /** Markdown below the frontmatter, with the sections named in DESIGN.md. */
  body: string
}

export interface Playbook extends PlaybookDoc {
  detect: Detect
}

/** What a fix may read: the evidence, and the text of the files as they are. */
export interface FixInput extends DetectInput {
  /** Text of a file by its posix path relative to the audited folder; undefined when it is not there or no text. */
  source: (path: string) => string | undefined
  /** Posix paths of the source files (TypeScript, JavaScript), sorted. */
  files: readonly string[]
  /** Milliseconds since the epoch, for the version of a migration. */
  now: number
  /** Versions and paths of migrations that other changes of the same run take. */
  taken: readonly string[]
}

/** `playbooks/<area>/<id>/fix.ts` exports `fix`. Pure: same input, same change. Declines whatever it is not sure of. */
export type Fix = (finding: Finding, input: FixInput) => FixOutcome | Promise<FixOutcome>
