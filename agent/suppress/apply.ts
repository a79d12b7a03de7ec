import type { Problem } from '../../tools/code/workspace.ts'
import type { SourceLocation } from '../../tools/gathered.ts'
import type { ConfigSuppression } from '../configschema.ts'
import { matcherOf } from '../glob.ts'
import { nearMisses, oneLine } from '../text.ts'
import type { SuppressionComment } from './comments.ts'

/** What a suppression is compared with. */
export interface Suppressible {
  playbook: string
  key: string
  location: SourceLocation
}

export interface FileComments {
  file: string
  comments: SuppressionComment[]
}

export interface SuppressionInput {
  comments: readonly FileComments[]
  config: readonly ConfigSuppression[]
  /** Name of the configuration file, for `by` and for problems. */
  configFile: string | undefined
  /** Refs of all playbooks: anything else in a suppression is a typing error. */
  playbooks: readonly string[]
  /** Refs of those that ran: whether a suppression of another one is unused cannot be said. */
  ran: ReadonlySet<string>
}

export interface Suppression {
  reason: string
  by: string
}

export interface SuppressionResult {
  /** By key of the finding. */
  byKey: Map<string, Suppression>
  problems: Problem[]
}

/** One suppression, wherever it was written. */
interface Rule extends Suppression {
  playbook: string
  covers(finding: Suppressible): boolean
  place: { file?: string; line?: number }
  used: boolean
}

/**
 * Which findings are suppressed, by comments first and by the configuration second; and what is wrong with the suppressions:
 * no reason (then it has no effect), an unknown playbook, nothing to suppress.
 */
export function applySuppressions(findings: readonly Suppressible[], input: SuppressionInput): SuppressionResult {
  const problems: Problem[] = []
  const inFiles = commentRules(input, problems)
  const anywhere = configRules(input, problems)
  const byKey = new Map<string, Suppression>()
  for (const finding of findings) {
    for (const rule of [...(inFiles.get(finding.location.file) ?? []), ...anywhere]) {
      if (!names(rule.playbook, finding.playbook) || !rule.covers(finding)) continue
      rule.used = true
      if (!byKey.has(finding.key)) byKey.set(finding.key, { reason: rule.reason, by: rule.by })
    }
  }
  for (const rule of [...[...inFiles.values()].flat(), ...anywhere]) {
    if (!rule.used && couldHaveBeenUsed(rule.playbook, input)) {
      problems.push({ message: `unused suppression of ${rule.playbook}: no such finding here`, ...rule.place })
    }
  }
  return { byKey, problems: shortened(problems) }
}

/** What a person would read; a generated file can hold any number of mistakes. */
const MAX_PROBLEMS = 200

function shortened(problems: Problem[]): Problem[] {
  if (problems.length <= MAX_PROBLEMS) return problems
  const rest = problems.length - MAX_PROBLEMS
  return [...problems.slice(0, MAX_PROBLEMS), { message: `${rest} more problems with suppressions are not listed` }]
}

/** By file: a comment speaks for its own file alone. */
function commentRules(input: SuppressionInput, problems: Problem[]): Map<string, Rule[]> {
  const byFile = new Map<string, Rule[]>()
  const isKnown = knownNames(input.playbooks)
  for (const { file, comments } of input.comments) {
    const rules: Rule[] = []
    byFile.set(file, rules)
    for (const { line, playbooks, reason, covers } of comments) {
      const place = { file, line }
      if (playbooks.length === 0) problems.push({ message: `${ADVICE} (no playbook is named)`, ...place })
      for (const playbook of playbooks) {
        // Names that are near take a while to find, and nobody reads more of them.
        if (!isKnown(playbook))
          problems.push({ message: unknown(playbook, problems.length < MAX_PROBLEMS ? input.playbooks : []), ...place })
        else if (reason === '')
          problems.push({ message: `${ADVICE} (the reason is missing, so it has no effect)`, ...place })
        else {
          rules.push({
            playbook,
            reason: oneLine(reason),
            by: `comment at ${file}:${line}`,
            covers: ({ location }) => location.file === file && covers.some(range => overlaps(range, location)),
            place,
            used: false,
          })
        }
      }
    }
  }
  return byFile
}

const ADVICE = 'write a suppression as "scalability-ignore <area>/<playbook>: reason"'

function configRules(input: SuppressionInput, problems: Problem[]): Rule[] {
  const rules: Rule[] = []
  const isKnown = knownNames(input.playbooks)
  input.config.forEach(({ playbook, files, key, reason }, index) => {
    const place = { file: input.configFile }
    if (!isKnown(playbook)) {
      problems.push({ message: `suppress.${index}: ${unknown(playbook, input.playbooks)}`, ...place })
      return
    }
    const isNamed = files === undefined ? undefined : matcherOf(typeof files === 'string' ? [files] : files)
    rules.push({
      playbook,
      reason: oneLine(reason),
      by: `${input.configFile} suppress.${index}`,
      covers: finding => (key === undefined || key === finding.key) && (isNamed?.(finding.location.file) ?? true),
      place,
      used: false,
    })
  })
  return rules
}

/** A comment inside the lines of a finding counts as well as one that covers its first line. */
function overlaps(range: { first: number; last: number }, { line, endLine }: SourceLocation): boolean {
  return range.first <= (endLine ?? line) && line <= range.last
}

/** `database/exact-count`, `exact-count`, `database/*` and `*` all name `database/exact-count`. */
function names(written: string, ref: string): boolean {
  if (written === '*' || written === ref) return true
  if (written.endsWith('/*')) return ref.startsWith(written.slice(0, -1))
  return !written.includes('/') && ref.endsWith(`/${written}`)
}

function knownNames(playbooks: readonly string[]): (written: string) => boolean {
  const known = new Map<string, boolean>()
  return written => {
    const answer = known.get(written) ?? playbooks.some(ref => names(written, ref))
    known.set(written, answer)
    return answer
  }
}

/** False when it names a playbook that did not run. */
function couldHaveBeenUsed(written: string, { playbooks, ran }: SuppressionInput): boolean {
  return playbooks.filter(ref => names(written, ref)).every(ref => ran.has(ref))
}

function unknown(written: string, playbooks: readonly string[]): string {
  const near = nearMisses(written, playbooks, 1)[0]
  return `unknown playbook "${oneLine(written, 60)}" in a suppression${near ? `; did you mean ${near}?` : ''}`
}
