import type { Log, Notification, ReportingDescriptor, Result, Run } from 'sarif'
import type { Assessment, AssessmentFinding } from './assessment.ts'
import { harmless, oneLine } from './text.ts'
import { AREA_NAMES, type AssessmentPlaybook, areaOf, gaps, groupByPlaybook, type SeverityId, worst } from './view.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const

/** GitHub's bands: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low (its documentation of SARIF support). */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.0' } as const

const PROBLEM_SEVERITY = { error: 'error', warning: 'warning', note: 'recommendation' } as const

/** SARIF 2.1.0 (OASIS Standard, errata 01): one run, one rule per playbook, one result per finding. */
export function renderSarif(assessment: Assessment): string {
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [run(assessment)] }
  return `${JSON.stringify(log, null, 2)}\n`
}

function run(assessment: Assessment): Run {
  const rules = descriptors(assessment)
  const indices = new Map(rules.map((rule, index) => [rule.id, index]))
  const context: ResultContext = {
    ruleIndex: ref => indices.get(ref)!,
    hasBaseline: assessment.findings.some(finding => finding.status === 'baseline'),
    hasSuppressions: assessment.findings.some(finding => finding.status === 'suppressed'),
  }
  return {
    tool: {
      driver: {
        name: assessment.tool.name,
        version: assessment.tool.version,
        semanticVersion: assessment.tool.version,
        rules,
      },
    },
    automationDetails: { id: `${assessment.tool.name}/` },
    invocations: [
      {
        // False would say that the results are incomplete as a whole; a playbook that failed is told as a notification.
        executionSuccessful: true,
        ...(assessment.generatedAt ? { endTimeUtc: assessment.generatedAt } : {}),
        toolExecutionNotifications: executionNotifications(assessment, context),
        toolConfigurationNotifications: configurationNotifications(assessment),
      },
    ],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { description: { text: 'The audited folder.' } } },
    results: assessment.findings.map(finding => result(finding, context)),
  }
}

interface ResultContext {
  ruleIndex: (playbook: string) => number
  hasBaseline: boolean
  hasSuppressions: boolean
}

/** The playbooks of the run, and any that only a finding names (a baseline of another version), in order of their ids. */
function descriptors(assessment: Assessment): ReportingDescriptor[] {
  const known = new Map((assessment.playbooks ?? []).map(playbook => [playbook.ref, playbook]))
  const groups = new Map(groupByPlaybook(assessment).map(group => [group.ref, group]))
  const refs = [...new Set([...known.keys(), ...groups.keys()])].sort()
  return refs.map(ref => descriptor(ref, known.get(ref), groups.get(ref)?.findings ?? []))
}

function descriptor(
  ref: string,
  playbook: AssessmentPlaybook | undefined,
  findings: readonly AssessmentFinding[],
): ReportingDescriptor {
  const severity: SeverityId = playbook?.severity ?? worst(findings)
  const area = playbook?.area ?? (findings[0] ? areaOf(findings[0]) : undefined)
  const security = findings.some(finding => finding.security)
  const level = LEVELS[severity]
  const title = playbook?.title ?? ref
  return {
    id: ref,
    name: pascalCase(ref.split('/').at(-1) ?? ref),
    shortDescription: { text: title },
    fullDescription: { text: (playbook && firstParagraph(playbook.help)) || title },
    ...(playbook ? { help: { text: plainText(playbook.help), markdown: playbook.help.trim() } } : {}),
    defaultConfiguration: { level },
    properties: {
      tags: ['scalability', 'performance', ...(area ? [area] : []), ...(security ? ['security'] : [])],
      'problem.severity': PROBLEM_SEVERITY[level],
      ...(security ? { 'security-severity': SECURITY_SEVERITY[severity] } : {}),
      ...(area ? { area: AREA_NAMES[area] } : {}),
      ...(playbook ? { fix: playbook.fix } : {}),
    },
  }
}

function result(finding: AssessmentFinding, context: ResultContext): Result {
  const evidence = finding.evidence.map(item => oneLine(item.text))
  const related = finding.evidence.filter(item => item.location)
  return {
    ruleId: finding.playbook,
    ruleIndex: context.ruleIndex(finding.playbook),
    level: LEVELS[finding.severity],
    message: { text: message([`${oneLine(finding.title)}.`.replace(/([.!?])\.$/, '$1'), ...evidence].join('\n')) },
    locations: [{ physicalLocation: physical(finding.location, finding.excerpt) }],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((item, id) => ({
            id,
            message: { text: message(oneLine(item.text)) },
            physicalLocation: physical(item.location!),
          })),
        }
      : {}),
    partialFingerprints: { 'scalabilityFindingKey/v1': finding.key },
    ...(context.hasBaseline ? { baselineState: finding.status === 'baseline' ? 'unchanged' : 'new' } : {}),
    ...(context.hasSuppressions ? { suppressions: suppressions(finding) } : {}),
    properties: {
      severity: finding.severity,
      confidence: finding.confidence,
      routes: finding.routes,
      usersGained: finding.usersGained,
    },
  }
}

/** An empty list says "not suppressed"; SARIF wants either all results of a run to say or none (3.27.23). */
function suppressions({ status, suppression }: AssessmentFinding): NonNullable<Result['suppressions']> {
  if (status !== 'suppressed') return []
  const inSource = suppression?.by.startsWith('comment') ?? false
  return [
    {
      kind: inSource ? 'inSource' : 'external',
      status: 'accepted',
      justification: suppression ? `${oneLine(suppression.reason)} (${oneLine(suppression.by)})` : 'no reason given',
    },
  ]
}

function physical(
  { file, line, endLine }: AssessmentFinding['location'],
  excerpt?: AssessmentFinding['excerpt'],
): NonNullable<NonNullable<Result['locations']>[number]['physicalLocation']> {
  const context = excerpt && excerpt.lines.length > 0 && excerpt.startLine >= 1 ? excerpt : undefined
  return {
    artifactLocation: { uri: uri(file), uriBaseId: 'SRCROOT' },
    region: { startLine: line, ...(endLine && endLine >= line ? { endLine } : {}) },
    ...(context
      ? {
          contextRegion: {
            startLine: context.startLine,
            endLine: context.startLine + context.lines.length - 1,
            snippet: { text: harmless(context.lines.join('\n')) },
          },
        }
      : {}),
  }
}

/** A posix path as a relative URI reference: `[slug]` becomes `%5Bslug%5D`. */
function uri(file: string): string {
  const wellFormed = file.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  return wellFormed.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@')
}

/** Viewers read `[text](target)` as a link and `{0}` as a placeholder (SARIF 3.11.5, 3.11.6): untrusted text gets neither. */
function message(text: string): string {
  return text.replace(/\]\(/g, '] (').replace(/\{(\d+)\}/g, '{ $1 }')
}

function executionNotifications(assessment: Assessment, { ruleIndex }: ResultContext): Notification[] {
  const failed = (assessment.playbooks ?? []).filter(playbook => playbook.status === 'failed')
  return [
    ...failed.map(({ ref, reason }): Notification => {
      const text = message(oneLine(`${ref} failed: ${reason ?? 'no message'}`))
      return { level: 'error', message: { text }, associatedRule: { id: ref, index: ruleIndex(ref) } }
    }),
    ...(assessment.problems ?? []).map(
      ({ message: text, file, line }): Notification => ({
        level: 'warning',
        message: { text: message(oneLine(text)) },
        ...(file ? { locations: [{ physicalLocation: problemLocation(file, line) }] } : {}),
      }),
    ),
  ]
}

function problemLocation(file: string, line: number | undefined) {
  const artifactLocation = { uri: uri(file), uriBaseId: 'SRCROOT' }
  return line && line >= 1 ? { artifactLocation, region: { startLine: line } } : { artifactLocation }
}

function configurationNotifications(assessment: Assessment): Notification[] {
  const failed = new Set((assessment.playbooks ?? []).filter(one => one.status === 'failed').map(one => one.ref))
  return gaps(assessment)
    .filter(gap => !failed.has(gap.what))
    .map(({ what, why }) => ({
      level: 'note',
      message: { text: message(`Not investigated: ${oneLine(what)}: ${oneLine(why)}`) },
    }))
}

function pascalCase(id: string): string {
  return id
    .split(/[^a-z0-9]+/i)
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function firstParagraph(help: string): string {
  const paragraph = help
    .split(/\n{2,}/)
    .map(part => part.trim())
    .find(part => part !== '' && !/^(#|[-*>|]|```)/.test(part))
  return paragraph ? plainText(paragraph).replace(/\s+/g, ' ') : ''
}

/** Markdown that reads well where only plain text is shown. */
function plainText(help: string): string {
  return help
    .replace(/^#{1,6}\s+/gm, '')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '$1 <$2>')
    .replace(/^(```|~~~).*$\n?/gm, '')
    .trim()
}
