import { z } from 'zod'

/** The part of the assessment that says what is known of the database, and how it came to be known. */
const failure = z.object({
  file: z.string(),
  line: z.number().int().min(1),
  statement: z.string().describe('First words of the statement.'),
  cause: z.string().describe('missing-object, already-exists, enum-value-in-same-transaction, syntax, permission, …'),
  code: z.string().describe('SQLSTATE.'),
  message: z.string(),
  cascades: z.number().int().describe('Later statements that failed because of this one.'),
  standIn: z
    .boolean()
    .describe('A real Supabase would accept the statement: the fault is that of the shadow database.'),
  recovered: z.boolean().describe('Fails in the transaction of its file, and works alone.'),
})

const drift = z.object({
  kind: z.string().describe('table, column, index, policy, foreign-key, row-level-security, function, trigger, type'),
  object: z.string(),
  part: z.string().optional(),
  only: z.enum(['files', 'live', 'differs']),
  detail: z.string().optional(),
})

const replay = z.object({
  postgres: z.number().int().describe('Major version that the migrations were replayed on.'),
  files: z.number().int(),
  filesClean: z.number().int().describe('Files that ran as one transaction, as the migration tool runs them.'),
  statements: z.number().int(),
  applied: z.number().int(),
  failed: z.number().int(),
  cascades: z.number().int().describe('Failures that only follow from a root failure.'),
  rootFailures: z.array(failure),
  refused: z.array(z.object({ file: z.string(), line: z.number().int().min(1), why: z.string() })),
  duplicateVersions: z.array(z.object({ version: z.string(), files: z.array(z.string()) })),
  notes: z.array(z.string()),
})

const live = z.object({
  via: z.enum(['connection', 'management-api']),
  version: z.string(),
  privileged: z.boolean().describe('The role may write; it was allowed with --allow-privileged-role.'),
  replica: z.boolean(),
  statisticsSince: z.string().nullable(),
  statisticsDays: z.number(),
  databaseBytes: z.number(),
  connections: z.object({ used: z.number(), maximum: z.number() }).nullable(),
  tableHitRatio: z.number().nullable(),
  indexHitRatio: z.number().nullable(),
  tables: z.number().nullable(),
  statements: z.number().nullable().describe('Statements that pg_stat_statements tells of.'),
  unread: z.array(z.object({ section: z.string(), why: z.string() })),
  drift: z.array(drift).nullable().describe('Differences between the schema of the files and the running one.'),
})

export const databaseSchema = z.object({
  source: z.enum(['migrations', 'schema-files', 'generated-types', 'prisma', 'drizzle']).nullable(),
  readFrom: z.enum(['files', 'shadow', 'live']).nullable(),
  replay: replay.nullable().describe('The migrations replayed in a private PostgreSQL; null when that was not done.'),
  live: live.nullable().describe('The running database; null when it was not read.'),
  advice: z.string().nullable().optional().describe('SQL of a role that can only read, when the given one can write.'),
})

export type DatabaseReport = z.infer<typeof databaseSchema>
export type ReplaySection = NonNullable<DatabaseReport['replay']>
export type LiveSection = NonNullable<DatabaseReport['live']>
export type RootFailure = ReplaySection['rootFailures'][number]
export type DriftItem = NonNullable<LiveSection['drift']>[number]
