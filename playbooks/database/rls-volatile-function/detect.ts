import type { SchemaFunction, SchemaModel } from '../../../tools/schema/model.ts'
import type { DetectedFinding, EvidenceItem } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, expressionsOf, ownTables } from '../../policies.ts'
import { at } from '../../shared.ts'
import { callsIn, type SqlCall } from '../../sql.ts'

/** Functions that policies call once a row and that are VOLATILE, which is what a function is when nothing is said. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema) return []
  const uses = new Map<SchemaFunction, EvidenceItem[]>()
  for (const table of ownTables(schema)) {
    for (const policy of activePolicies(table)) {
      const calls = expressionsOf(policy).flatMap(tree => callsIn(tree))
      for (const found of new Set(calls.flatMap(call => volatileFunction(schema, call)))) {
        const evidence = uses.get(found) ?? []
        evidence.push({
          text: `the policy "${policy.name}" on \`${table.name}\` calls it for every row`,
          location: at(policy.location.file, policy.location.line),
        })
        uses.set(found, evidence)
      }
    }
  }
  return [...uses].map(([found, evidence]) => ({
    title: `\`${found.schema}.${found.name}()\` is VOLATILE and policies call it for every row`,
    location: at(found.location.file, found.location.line),
    evidence: evidence.slice(0, 8),
    object: `${found.schema}.${found.name}`,
    confidence: 'high' as const,
  }))
}

/** What the call may mean is volatile whichever overload it is, and changes nothing: STABLE would be true of it. */
function volatileFunction(schema: SchemaModel, call: SqlCall): SchemaFunction[] {
  if (call.once || call.source || call.schema === 'auth') return []
  const candidates = schema.functions.filter(
    f => f.name === call.name && (call.schema === undefined || f.schema === call.schema),
  )
  const [first] = candidates
  const may = (f: SchemaFunction): boolean =>
    f.volatility === 'volatile' && /^(sql|plpgsql)$/i.test(f.language) && !WRITES.test(f.body)
  return first && candidates.every(may) ? [first] : []
}

const WRITES =
  /\b(insert\s+into|update\s+\S+\s+set|delete\s+from|nextval|random|clock_timestamp|set_config|gen_random)\b/i
