import { z } from 'zod'
import { defineTool, READS } from '../tool.ts'

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info'])
export const area = z.enum(['database', 'api', 'caching', 'auth', 'frontend', 'observability', 'cost'])

/** What every list takes and gives: a page, never everything. */
export const page = {
  limit: z.number().int().min(1).max(50).default(20).describe('How many at most'),
  offset: z.number().int().min(0).default(0).describe('How many to leave out; nextOffset of the page before'),
}
export const paged = {
  total: z.number().int(),
  nextOffset: z.number().int().nullable().describe('offset of the next page; null when this was the last'),
}

const count = z.number().int()

export const assess = defineTool({
  name: 'assess',
  title: 'Assess the app',
  description:
    'Analyses the checkout for what will not hold with 10,000 users at the same time and returns a summary: findings by playbook, routes by rendering mode, what could not be decided and what was not investigated. The other tools read the last assessment; call this again (refresh: true) after the code has changed.',
  input: z.object({ refresh: z.boolean().default(false).describe('Analyse again even if an assessment is there') }),
  output: z.object({
    repository: z.string(),
    commit: z.string().nullable(),
    apps: z.array(z.object({ root: z.string(), next: z.string().nullable() })),
    open: z.object({ critical: count, high: count, medium: count, low: count, info: count }),
    playbooks: z.array(z.object({ playbook: z.string(), title: z.string(), open: count, worst: severity })),
    routes: z.record(z.string(), count).describe('Number of routes by rendering mode'),
    accesses: count,
    undecided: z.array(z.object({ what: z.string(), count })),
    notInvestigated: z.array(z.object({ what: z.string(), why: z.string() })),
    problems: count.describe('Files that could not be read, and the like'),
  }),
  annotations: READS,
})

export const findingLine = z.object({
  key: z.string(),
  playbook: z.string(),
  severity,
  confidence: z.enum(['high', 'medium', 'low']),
  title: z.string(),
  place: z.string().describe('file:line'),
})

export const listFindings = defineTool({
  name: 'list_findings',
  title: 'List findings',
  description:
    'Findings of the last assessment, worst first, a page at a time. Narrow them by area, playbook, route, file or severity.',
  input: z.object({
    area: area.optional(),
    playbook: z.string().optional().describe('e.g. database/unbounded-query'),
    severity: severity.optional().describe('Only those at least as severe'),
    route: z.string().optional().describe('Path of a route, e.g. /posts/[id]'),
    file: z.string().optional().describe('Path, or the beginning of one'),
    status: z.enum(['open', 'suppressed', 'baseline']).default('open'),
    ...page,
  }),
  output: z.object({ ...paged, findings: z.array(findingLine) }),
  annotations: READS,
})

export const getFinding = defineTool({
  name: 'get_finding',
  title: 'Show a finding',
  description:
    'One finding with its evidence, the routes it concerns, the source around it, and how its playbook says to fix it.',
  input: z.object({
    key: z.string().min(4).describe('Key of the finding, its beginning, or what stands behind its last colon'),
  }),
  output: z.object({
    finding: findingLine.extend({
      security: z.boolean(),
      status: z.string(),
      routes: z.array(z.string()),
      moreRoutes: count,
      evidence: z.array(z.object({ text: z.string(), place: z.string().optional() })),
    }),
    source: z.string().describe('Source around the place, as fenced, untrusted text'),
    fix: z.string().describe('auto: build_change can write it; draft, advice: by hand'),
    howToFix: z.string(),
  }),
  annotations: READS,
})

export const explainPlaybook = defineTool({
  name: 'explain_playbook',
  title: 'Explain a playbook',
  description:
    'Why a problem breaks at scale, when it is fine, how to fix, verify and roll back. Without a name: the list of all playbooks.',
  input: z.object({ playbook: z.string().optional().describe('e.g. database/n-plus-one') }),
  output: z.object({
    playbooks: z.array(z.object({ playbook: z.string(), title: z.string(), severity, fix: z.string() })),
    text: z.string().optional(),
  }),
  annotations: READS,
})
