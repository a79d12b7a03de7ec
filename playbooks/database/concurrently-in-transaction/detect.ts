import type { SchemaMigration, SchemaModel, SchemaOperation } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'

/** CONCURRENTLY where the migration tool, or the file itself, has opened a transaction: PostgreSQL refuses the statement. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema) return []
  return (schema.operations ?? []).flatMap(operation => {
    const found = operation.concurrently ? reasonOf(operation, toolOf(schema, operation)) : undefined
    if (!found) return []
    const what = operation.kind === 'vacuum' ? 'VACUUM' : 'CONCURRENTLY'
    return [
      {
        title: `${what} cannot run here: ${found.short}`,
        location: operation.location,
        evidence: [{ text: found.why }],
        object: `${operation.kind} ${operation.table} ${operation.name ?? ''}`.trim(),
        severity: found.certain ? ('medium' as const) : ('low' as const),
        confidence: found.certain ? ('high' as const) : ('medium' as const),
      },
    ]
  })
}

function toolOf(schema: SchemaModel, { location }: SchemaOperation): SchemaMigration['tool'] | undefined {
  return schema.migrations?.find(({ file }) => file === location.file)?.tool
}

interface Reason {
  short: string
  why: string
  /** It fails with every version of the tool. */
  certain: boolean
}

function reasonOf(operation: SchemaOperation, tool: SchemaMigration['tool'] | undefined): Reason | undefined {
  if (operation.inTransactionBlock) {
    return {
      short: 'the file has opened a transaction',
      why: 'PostgreSQL refuses it inside of BEGIN … COMMIT or a DO block (SQLSTATE 25001)',
      certain: true,
    }
  }
  if (tool === 'drizzle') {
    return {
      short: 'Drizzle runs its migrations in a transaction',
      why: 'PostgreSQL refuses it there (SQLSTATE 25001); build the index by hand before, and leave "if not exists" in the migration',
      certain: true,
    }
  }
  if (operation.statements === 1) return undefined
  if (tool === 'prisma') {
    return {
      short: `it shares its file with ${operation.statements - 1} other ${operation.statements === 2 ? 'statement' : 'statements'}`,
      why: 'Prisma sends the file as one query, which PostgreSQL runs as one transaction (SQLSTATE 25001)',
      certain: true,
    }
  }
  if (tool !== 'supabase') return undefined
  return {
    short: `it shares its file with ${operation.statements - 1} other ${operation.statements === 2 ? 'statement' : 'statements'}`,
    why: 'versions of the Supabase CLI before 2.109 send a file as one transaction and fail here (SQLSTATE 25001); later ones run it apart, and what stands before it stays when it fails',
    certain: false,
  }
}
