import { z } from 'zod'
import { databaseSchema } from './database.ts'
import { plansSchema } from './plans.ts'

/**
 * The contract of `agent assess --json` and `assessment.json`. Additive changes only; paths are posix and relative to the audited folder.
 * Renderers read this and nothing else. `npm run schemas` publishes it as JSON Schema (schemas/assessment.schema.json).
 */
const location = z.object({
  file: z.string(),
  line: z.number().int().min(1),
  endLine: z.number().int().min(1).optional(),
})

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info'])
export const confidence = z.enum(['high', 'medium', 'low'])
export const area = z.enum(['database', 'api', 'caching', 'auth', 'frontend', 'observability', 'cost'])

const app = z.object({
  root: z.string().describe('Folder of the app relative to the audited folder; "." when it is that folder.'),
  next: z
    .string()
    .nullable()
    .describe('Version of next as resolved from the lockfile, else the range in package.json.'),
  cacheComponents: z.boolean(),
  supabaseJs: z.string().nullable().optional(),
  appDir: z.string().optional(),
})

const route = z.object({
  app: z.string(),
  path: z.string(),
  kind: z.enum(['page', 'handler', 'action', 'proxy']),
  file: z.string(),
  line: z.number().int().min(1).optional(),
  name: z.string().optional().describe('HTTP methods of a handler, or name of a server action.'),
  matcher: z
    .array(z.string())
    .nullable()
    .optional()
    .describe(
      'Patterns of the proxy (middleware); null when it has none and runs for every request, absent when they cannot be read.',
    ),
  rendering: z
    .object({
      mode: z.enum(['static', 'isr', 'dynamic', 'partial', 'unknown']),
      revalidateSeconds: z.number().nullable(),
      reasons: z.array(z.string()),
    })
    .nullable(),
  accesses: z.array(z.string()).describe('Ids of the data accesses that the route reaches.'),
})

const access = z.object({
  id: z.string(),
  file: z.string(),
  line: z.number().int().min(1),
  client: z.string().describe('supabase-js, drizzle, prisma, postgres.js, pg, kysely'),
  table: z.string().nullable(),
  rpc: z.string().nullable(),
  operation: z.string().describe('select, insert, update, upsert, delete, rpc, raw'),
  role: z.enum(['anon', 'user', 'service', 'unknown']),
  bound: z.string().describe('limit, range, unique-key, single, head, aggregate, write, bounded-list, none, unknown'),
  inLoop: z.boolean(),
})

const finding = z.object({
  playbook: z.string(),
  key: z.string(),
  title: z.string(),
  severity,
  confidence,
  security: z.boolean(),
  area: area.optional(),
  location,
  routes: z.array(z.string()),
  evidence: z.array(z.object({ text: z.string(), location: location.optional() })),
  usersGained: z.number().nullable(),
  status: z
    .enum(['open', 'suppressed', 'baseline'])
    .describe('suppressed: by an inline comment or the config; baseline: already in the file given with --baseline.'),
  suppression: z.object({ reason: z.string(), by: z.string() }).optional(),
  excerpt: z
    .object({ startLine: z.number().int(), lines: z.array(z.string()) })
    .optional()
    .describe('Source around the place, secrets masked.'),
})

export const assessmentSchema = z.object({
  $schema: z.string(),
  formatVersion: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }),
  repository: z.object({ name: z.string(), commit: z.string().nullable() }).optional(),
  generatedAt: z
    .string()
    .optional()
    .describe('ISO 8601; the only field, with `timings`, that differs between two runs on the same input.'),
  timings: z.record(z.string(), z.number()).optional().describe('Milliseconds per step.'),
  scope: z
    .object({
      areas: z.array(z.string()).optional(),
      playbooks: z.array(z.string()).optional(),
      since: z.string().optional(),
    })
    .optional()
    .describe('What the user narrowed the run to.'),
  apps: z.array(app),
  summary: z
    .object({
      files: z.number(),
      filesParsed: z.number(),
      routes: z.record(z.string(), z.number()).describe('Number of routes by rendering mode.'),
      tables: z.number().nullable(),
      accesses: z.number(),
      unknown: z
        .array(z.object({ what: z.string(), count: z.number() }))
        .describe('What could not be decided, e.g. accesses whose client role is unknown.'),
    })
    .optional(),
  database: databaseSchema.optional().describe('What is known of the database, and how.'),
  plans: plansSchema
    .optional()
    .describe('Plans of the queries at the size of the target; absent when nothing was planned.'),
  conventions: z.record(z.string(), z.string()).optional(),
  routes: z.array(route),
  accesses: z.array(access),
  playbooks: z
    .array(
      z.object({
        ref: z.string(),
        title: z.string(),
        area,
        severity,
        fix: z.enum(['auto', 'draft', 'advice']),
        help: z.string().describe('Markdown of the playbook.'),
        status: z.enum(['ran', 'skipped', 'failed']),
        reason: z.string().optional(),
      }),
    )
    .optional()
    .describe('The playbooks of this run, whether they ran and what they say.'),
  findings: z.array(finding),
  capacity: z.unknown().nullable(),
  notInvestigated: z.array(z.object({ what: z.string(), why: z.string() })),
  problems: z
    .array(z.object({ message: z.string(), file: z.string().optional(), line: z.number().optional() }))
    .optional()
    .describe('Files that could not be read or parsed, unused suppressions, suppressions without a reason.'),
})

export type Assessment = z.infer<typeof assessmentSchema>
export type AssessmentFinding = Assessment['findings'][number]
export type AssessmentRoute = Assessment['routes'][number]
export type AssessmentAccess = Assessment['accesses'][number]
