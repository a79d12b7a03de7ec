import { createHash } from 'node:crypto'
import semver from 'semver'
import type { Gathered } from '../tools/gathered.ts'
import { CONFIDENCES, type DetectedFinding, type EvidenceItem, type Finding, SEVERITIES } from './finding.ts'
import type { DetectInput, Evidence, Playbook } from './playbook.ts'

export interface PlaybookStatus {
  ref: string
  status: 'ran' | 'skipped' | 'failed'
  /** Why it was skipped, or the message of the detector that threw. */
  reason?: string
  /** Milliseconds spent in the detector. */
  ms: number
}

export interface Judgement {
  findings: Finding[]
  /** One per playbook, in the order given. */
  statuses: PlaybookStatus[]
}

/** The part of an app that decides whether a playbook applies to it. */
interface VersionedApp {
  root: string
  next: string | null
}

/**
 * Runs every playbook whose evidence was gathered and whose version range an app meets. A detector that throws fails only itself.
 * Findings come back without exact duplicates, with their stable keys, worst first; the same evidence gives the same list.
 */
export function judge(playbooks: readonly Playbook[], evidence: Evidence): Judgement {
  const judged = playbooks.map(playbook => runPlaybook(playbook, evidence))
  return {
    findings: judged.flatMap(one => one.findings).sort(compareFindings),
    statuses: judged.map(one => one.status),
  }
}

function runPlaybook(playbook: Playbook, evidence: Evidence): { findings: Finding[]; status: PlaybookStatus } {
  const { ref } = playbook
  const input = unwrap(playbook, evidence)
  if ('missing' in input) return { findings: [], status: { ref, status: 'skipped', reason: input.missing, ms: 0 } }
  const apps: VersionedApp[] = input.code.apps
  const inRange = apps.filter(app => meetsRange(playbook, app))
  if (playbook.appliesTo?.next && inRange.length === 0) {
    const reason = `applies to next ${playbook.appliesTo.next}, found ${apps.map(app => app.next).join(', ') || 'no app'}`
    return { findings: [], status: { ref, status: 'skipped', reason, ms: 0 } }
  }
  const started = performance.now()
  try {
    const detected = playbook.detect(input).filter(found => isInRange(found.location.file, apps, inRange))
    const ms = Math.round(performance.now() - started)
    return { findings: complete(playbook, detected), status: { ref, status: 'ran', ms } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { findings: [], status: { ref, status: 'failed', reason, ms: Math.round(performance.now() - started) } }
  }
}

/** The code is always needed: without apps there is nothing to point at. */
function unwrap(playbook: Playbook, { code, schema, database, plans }: Evidence): DetectInput | { missing: string } {
  if (code.status !== 'ran') return { missing: `needs the source code: ${whyNot(code)}` }
  if (schema.status !== 'ran' && playbook.needs.includes('schema'))
    return { missing: `needs the database schema: ${whyNot(schema)}` }
  if (database.status !== 'ran' && playbook.needs.includes('database'))
    return { missing: `needs the running database: ${whyNot(database)}` }
  if (plans?.status !== 'ran' && playbook.needs.includes('plans'))
    return { missing: `needs query plans: ${plans ? whyNot(plans) : 'not planned'}` }
  return { code: code.value, schema: present(schema), database: present(database), plans: plans && present(plans) }
}

function present<T>(gathered: Gathered<T>): T | undefined {
  return gathered.status === 'ran' ? gathered.value : undefined
}

function whyNot(gathered: { status: 'skipped'; reason: string } | { status: 'failed'; error: string }): string {
  return gathered.status === 'skipped' ? gathered.reason : gathered.error
}

/** An unknown version ("latest", a git URL, none) meets every range: detectors know versions better and can stay quiet. */
function meetsRange(playbook: Playbook, app: VersionedApp): boolean {
  const range = playbook.appliesTo?.next
  if (!range) return true
  const version = app.next === null ? null : (semver.parse(app.next) ?? lowestVersion(app.next))
  return version === null || semver.satisfies(version, range, { includePrerelease: true })
}

function lowestVersion(range: string): semver.SemVer | null {
  return semver.validRange(range) ? semver.minVersion(range) : null
}

/** A finding in an app outside the range is dropped; a file of no app (a shared package) belongs to whoever meets the range. */
function isInRange(file: string, apps: readonly VersionedApp[], inRange: readonly VersionedApp[]): boolean {
  const owner = apps
    .filter(app => app.root === '.' || file.startsWith(`${app.root}/`))
    .sort((a, b) => depth(b.root) - depth(a.root))[0]
  return owner === undefined || inRange.includes(owner)
}

function depth(root: string): number {
  return root === '.' ? 0 : root.split('/').length
}

/** Fills in what the playbook knows: defaults, and the key, for which equals are numbered in the order of the file. */
function complete(playbook: Playbook, detected: readonly DetectedFinding[]): Finding[] {
  const seen = new Map<string, number>()
  return withoutDuplicates(detected)
    .sort(compareDetected)
    .map(({ object, content, ...found }) => {
      const stem = keyStem(playbook.ref, found.location.file, object, content)
      const ordinal = (seen.get(stem) ?? 0) + 1
      seen.set(stem, ordinal)
      return {
        ...found,
        playbook: playbook.ref,
        key: ordinal === 1 ? stem : `${stem}-${ordinal}`,
        severity: found.severity ?? playbook.severity,
        security: found.security ?? playbook.security ?? false,
        routes: [...new Set(found.routes ?? [])].sort(),
        usersGained: null,
      }
    })
}

/**
 * `database/unbounded-query:posts-select-listPosts:3f2a9c01`: readable in a baseline file, and exact by its hash over
 * playbook, file, object and normalised content. Neither line numbers nor our own wording enter it.
 */
function keyStem(ref: string, file: string, object: string, content: string | undefined): string {
  const normalised = (content ?? '').replace(/\s+/g, ' ').trim()
  const hash = createHash('sha256').update([ref, file, object, normalised].join('\0')).digest('hex').slice(0, 8)
  const readable = object
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${ref}:${readable || 'app'}:${hash}`
}

/** Two findings of one playbook about one object on one line are the same, found on two ways: their routes are joined. */
function withoutDuplicates(detected: readonly DetectedFinding[]): DetectedFinding[] {
  const byPlace = new Map<string, DetectedFinding>()
  for (const found of detected) {
    const place = [found.location.file, found.location.line, found.object].join('\0')
    const first = byPlace.get(place)
    byPlace.set(place, first ? merge(first, found) : found)
  }
  return [...byPlace.values()]
}

function merge(first: DetectedFinding, second: DetectedFinding): DetectedFinding {
  const known = new Set(first.evidence.map(evidenceText))
  return {
    ...first,
    routes: [...(first.routes ?? []), ...(second.routes ?? [])],
    evidence: [...first.evidence, ...second.evidence.filter(item => !known.has(evidenceText(item)))],
  }
}

function evidenceText({ text, location }: EvidenceItem): string {
  return [text, location?.file, location?.line].join('\0')
}

function compareDetected(a: DetectedFinding, b: DetectedFinding): number {
  return (
    compareText(a.location.file, b.location.file) ||
    a.location.line - b.location.line ||
    compareText(a.object, b.object) ||
    compareText(a.title, b.title)
  )
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
    compareText(a.playbook, b.playbook) ||
    compareText(a.location.file, b.location.file) ||
    a.location.line - b.location.line ||
    compareText(a.key, b.key)
  )
}

/** Code units, not the machine's locale: the order must be the same everywhere. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
