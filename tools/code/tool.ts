import { z } from 'zod'
import { page, paged } from '../assessment/tool.ts'
import { defineTool, READS } from '../tool.ts'

const count = z.number().int()
const accessLine = z.object({
  id: z.string(),
  what: z.string().describe('operation and table or function'),
  role: z.string().describe('anon, user, service or unknown'),
  bound: z.string().describe('What limits the rows'),
  inLoop: z.boolean(),
  place: z.string(),
})

export const listRoutes = defineTool({
  name: 'list_routes',
  title: 'List routes',
  description:
    'Pages, handlers, server actions and the proxy, with how each is rendered and how many data accesses and findings it has.',
  input: z.object({
    mode: z.enum(['static', 'isr', 'dynamic', 'partial', 'unknown']).optional(),
    kind: z.enum(['page', 'handler', 'action', 'proxy']).optional(),
    path: z.string().optional().describe('Only paths that contain this'),
    ...page,
  }),
  output: z.object({
    ...paged,
    routes: z.array(
      z.object({
        path: z.string(),
        kind: z.string(),
        name: z.string().optional(),
        mode: z.string().nullable(),
        revalidateSeconds: z.number().nullable(),
        accesses: count,
        findings: count,
        file: z.string(),
      }),
    ),
  }),
  annotations: READS,
})

export const traceRoute = defineTool({
  name: 'trace_route',
  title: 'Trace a route',
  description:
    'Everything one route does: why it is rendered the way it is, its layouts, every data access it reaches, the server actions it can call, and its findings.',
  input: z.object({
    path: z.string().describe('e.g. /posts/[id]'),
    kind: z.enum(['page', 'handler', 'action', 'proxy']).optional(),
    name: z.string().optional().describe('Name of a server action'),
  }),
  output: z.object({
    path: z.string(),
    kind: z.string(),
    file: z.string(),
    mode: z.string().nullable(),
    revalidateSeconds: z.number().nullable(),
    reasons: z.array(z.string()),
    layouts: z.array(z.string()),
    accesses: z.array(accessLine),
    moreAccesses: count,
    actions: z.array(z.string()),
    findings: z.array(z.object({ key: z.string(), playbook: z.string(), severity: z.string(), title: z.string() })),
    moreFindings: count,
  }),
  annotations: READS,
})

export const explainAccess = defineTool({
  name: 'explain_access',
  title: 'Explain a data access',
  description:
    'One data access: table, columns, filters, order, what bounds it, the role it runs with, its loop, and the routes that reach it.',
  input: z.object({ access: z.string().describe('Id of the access (a17), or file:line') }),
  output: z.object({
    access: accessLine,
    client: z.string(),
    browser: z.boolean().describe('Runs in the browser only'),
    shapes: z.array(
      z.object({
        columns: z.string().nullable(),
        filters: z.array(z.string()),
        order: z.array(z.string()),
        limit: z.string().nullable(),
        count: z.string().nullable(),
        embeds: z.array(z.string()),
      }),
    ),
    routes: z.array(z.string()),
    moreRoutes: count,
    findings: z.array(z.object({ key: z.string(), playbook: z.string(), title: z.string() })),
  }),
  annotations: READS,
})

export const searchCode = defineTool({
  name: 'search_code',
  title: 'Search the code',
  description:
    'Lines of source, SQL and configuration that contain a text, a page at a time. The text is taken literally.',
  input: z.object({
    text: z.string().min(2).max(200),
    path: z.string().optional().describe('Only files whose path contains this'),
    ...page,
  }),
  output: z.object({ ...paged, matches: z.string().describe('file:line: text, as fenced, untrusted text') }),
  annotations: READS,
})

export const readFile = defineTool({
  name: 'read_file',
  title: 'Read a file',
  description:
    'Lines of one source file of the repository. Secrets are masked; environment files and keys are not shown.',
  input: z.object({
    path: z.string().describe('Relative to the audited folder'),
    startLine: z.number().int().min(1).default(1),
    lines: z.number().int().min(1).max(300).default(120),
  }),
  output: z.object({
    path: z.string(),
    startLine: count,
    endLine: count,
    totalLines: count,
    text: z.string().describe('As fenced, untrusted text'),
  }),
  annotations: READS,
})
