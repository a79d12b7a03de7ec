import { z } from 'zod'
import { defineTool, READS } from '../tool.ts'

export const describeTable = defineTool({
  name: 'describe_table',
  title: 'Describe a table',
  description:
    'A table as the migrations define it: columns, keys, indexes, row-level security and policies, triggers, and the data accesses that use it. Without a name: the list of tables.',
  input: z.object({ table: z.string().optional().describe('name, or schema.name') }),
  output: z.object({
    readFrom: z.string().describe('files, shadow (migrations replayed) or live'),
    tables: z.array(z.string()),
    moreTables: z.number().int(),
    table: z
      .object({
        name: z.string(),
        kind: z.string(),
        place: z.string(),
        columns: z.array(z.string()),
        primaryKey: z.array(z.string()),
        foreignKeys: z.array(z.string()),
        indexes: z.array(z.string()),
        rowLevelSecurity: z.boolean(),
        policies: z.array(z.string()),
        triggers: z.array(z.string()),
        notKnown: z.array(z.string()),
        accesses: z.array(z.string()),
        moreAccesses: z.number().int(),
      })
      .optional(),
  }),
  annotations: READS,
})
