import { SEVERITIES } from '../../playbooks/finding.ts'
import { loadPlaybookDocs } from '../../playbooks/registry.ts'
import type { AssessmentFinding } from '../../reports/assessment.ts'
import * as tools from '../../tools/assessment/tool.ts'
import { UserError } from '../../tools/errors.ts'
import { findPlaybook } from '../phases/select.ts'
import { compareText, oneLine } from '../text.ts'
import { type Binding, bind } from './binding.ts'
import { cut, fenced, fitting, inline, pageOf } from './text.ts'

export const findingBindings: Binding[] = [
  bind(tools.assess, async ({ refresh }, session, call) => {
    const { assessment } = await session.assessed(call, refresh)
    const open = assessment.findings.filter(({ status }) => status === 'open')
    const countOf = (level: string): number => open.filter(({ severity }) => severity === level).length
    const refs = [...new Set(open.map(({ playbook }) => playbook))].sort(compareText)
    const titles = new Map(assessment.playbooks?.map(({ ref, title }) => [ref, title]))
    return {
      repository: inline(assessment.repository?.name ?? '', 100),
      commit: assessment.repository?.commit ?? null,
      apps: assessment.apps.slice(0, 20).map(({ root, next }) => ({ root: inline(root), next })),
      open: {
        critical: countOf('critical'),
        high: countOf('high'),
        medium: countOf('medium'),
        low: countOf('low'),
        info: countOf('info'),
      },
      playbooks: refs.map(ref => {
        const own = open.filter(({ playbook }) => playbook === ref)
        const worst = SEVERITIES.find(level => own.some(({ severity }) => severity === level)) ?? 'info'
        return { playbook: ref, title: titles.get(ref) ?? ref, open: own.length, worst }
      }),
      routes: assessment.summary?.routes ?? {},
      accesses: assessment.accesses.length,
      undecided: assessment.summary?.unknown.slice(0, 20) ?? [],
      notInvestigated: assessment.notInvestigated.slice(0, 20).map(({ what, why }) => ({ what, why: inline(why) })),
      problems: assessment.problems?.length ?? 0,
    }
  }),
  bind(tools.listFindings, async ({ limit, offset, ...filter }, session, call) => {
    const { assessment } = await session.assessed(call)
    const least = filter.severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(filter.severity)
    const wanted = assessment.findings.filter(
      finding =>
        finding.status === filter.status &&
        (filter.area === undefined || finding.area === filter.area) &&
        (filter.playbook === undefined || finding.playbook === filter.playbook) &&
        SEVERITIES.indexOf(finding.severity) <= least &&
        (filter.route === undefined || finding.routes.includes(filter.route)) &&
        (filter.file === undefined || finding.location.file.startsWith(filter.file)),
    )
    const { items, ...page } = pageOf(wanted.map(lineOf), { limit, offset })
    return { ...page, findings: items }
  }),
  bind(tools.getFinding, async ({ key }, session, call) => {
    const { assessment } = await session.assessed(call)
    const finding = findByKey(assessment.findings, key)
    const docs = await loadPlaybookDocs()
    const doc = docs.find(({ ref }) => ref === finding.playbook)
    const evidence = finding.evidence.map(({ text, location }) => ({
      text: inline(text, 600),
      ...(location ? { place: inline(`${location.file}:${location.line}`) } : {}),
    }))
    const { excerpt } = finding
    const source = excerpt?.lines.map((line, index) => `${excerpt.startLine + index}  ${line.slice(0, 300)}`) ?? []
    return {
      finding: {
        ...lineOf(finding),
        security: finding.security,
        status: finding.status,
        routes: finding.routes.slice(0, 20).map(route => inline(route)),
        moreRoutes: Math.max(0, finding.routes.length - 20),
        evidence: fitting(evidence, 5000),
      },
      source: fenced(source.join('\n')),
      fix: doc?.fix ?? 'advice',
      howToFix: cut(doc ? sectionOf(doc.body, 'Fix') : '', 4000),
    }
  }),
  bind(tools.explainPlaybook, async ({ playbook }) => {
    const docs = await loadPlaybookDocs()
    const shown = playbook === undefined ? docs : [findPlaybook(docs, playbook, 'playbook')]
    const playbooks = shown.map(({ ref, title, severity, fix }) => ({ playbook: ref, title, severity, fix }))
    return { playbooks, ...(playbook === undefined ? {} : { text: cut(shown[0]?.body ?? '', 9000) }) }
  }),
]

export function lineOf({ key, playbook, severity, confidence, title, location }: AssessmentFinding) {
  return {
    key,
    playbook,
    severity,
    confidence,
    title: inline(title),
    place: inline(`${location.file}:${location.line}`),
  }
}

/** @throws UserError when there is none, or more than one that begins so */
export function findByKey(findings: readonly AssessmentFinding[], key: string): AssessmentFinding {
  const exact = findings.find(finding => finding.key === key)
  if (exact) return exact
  const found = findings.filter(finding => finding.key.startsWith(key) || finding.key.endsWith(`:${key}`))
  if (found.length === 1) return found[0]!
  const problem = found.length === 0 ? 'there is no finding' : `${found.length} findings begin`
  throw new UserError(`${problem} with the key ${oneLine(key, 60)}; list_findings shows the keys`)
}

/** The text under `## <title>`. */
function sectionOf(body: string, title: string): string {
  const start = body.indexOf(`## ${title}\n`)
  if (start < 0) return ''
  const from = start + title.length + 4
  const end = body.indexOf('\n## ', from)
  return body.slice(from, end < 0 ? undefined : end).trim()
}
