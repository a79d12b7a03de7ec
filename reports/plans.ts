import { z } from 'zod'

const cost = z.object({
  cost: z.number().describe("The planner's units; compare them with each other only."),
  rowsRead: z.number(),
  verdict: z.enum(['scan', 'index', 'bounded']).nullable(),
  ms: z.number().optional().describe('Executed on seeded rows; absent when it was only planned.'),
})

/** What PostgreSQL's planner makes of the app's queries at the size of the target. */
export const plansSchema = z.object({
  method: z.enum(['statistics', 'rows']),
  postgres: z.number().int(),
  settings: z.record(z.string(), z.string()),
  tables: z.array(
    z.object({
      table: z.string(),
      rows: z.number().describe('Rows that it is planned with.'),
      executed: z.number().describe('Rows that queries ran on; 0 when none did.'),
      source: z.enum(['config', 'live', 'seeded', 'assumed']),
      why: z.string(),
    }),
  ),
  accesses: z.array(
    z.object({
      access: z.string(),
      role: z.string(),
      verdict: z
        .enum(['scan', 'index', 'bounded'])
        .nullable()
        .describe(
          'scan: reads much of a large table; index: finds its rows; bounded: reads small tables or the beginning.',
        ),
      cost: z.number(),
      rowsRead: z.number(),
      ms: z.number().optional(),
      sql: z.string().describe('What the database sees; ordinary values stand for those that the code leaves open.'),
      skipped: z.string().optional().describe('Why there is no plan.'),
    }),
  ),
  proposals: z.array(
    z.object({
      proposal: z.string(),
      table: z.string(),
      verdict: z.enum(['pays', 'does-not-pay', 'not-tried']),
      reason: z.string(),
      queries: z.array(z.object({ access: z.string(), before: cost, after: cost })),
    }),
  ),
  notes: z.array(z.string()),
})

export type PlansReport = z.infer<typeof plansSchema>
