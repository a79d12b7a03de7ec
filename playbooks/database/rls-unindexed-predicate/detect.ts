import type { DetectedFinding } from '../../finding.ts'
import { grows, indexStatement, isIndexed, isSelective, neededIndexes } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, isUnknown, ownTables, readsOfPolicy } from '../../policies.ts'
import { at } from '../../shared.ts'

/** Columns by which policies find the caller's rows, and that no index leads with. What missing-index reports is left to it. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { schema } = input
  if (!schema) return []
  const reported = new Set(neededIndexes(input).map(n => `${n.table.schema}.${n.table.name}.${n.column.name}`))
  const found = new Map<string, DetectedFinding>()
  for (const policyTable of ownTables(schema)) {
    for (const policy of activePolicies(policyTable)) {
      for (const { table, anyOf } of readsOfPolicy(schema, policyTable, policy)) {
        if (isUnknown(table, 'indexes') || !grows(input, table)) continue
        if (anyOf.some(name => isIndexed(table, name) || reported.has(`${table.schema}.${table.name}.${name}`)))
          continue
        const column = table.columns.find(c => c.name === anyOf[0])
        if (!column || !isSelective(input, table, column)) continue
        const object = `${table.schema}.${table.name}.${column.name}`
        const proof = {
          text: `the policy "${policy.name}" on \`${policyTable.name}\` finds the rows of \`${table.name}\` by \`${column.name}\``,
          location: at(policy.location.file, policy.location.line),
        }
        const known = found.get(object)
        if (known) {
          known.evidence.unshift(proof)
          continue
        }
        found.set(object, {
          title: `\`${table.name}.${column.name}\` decides who sees a row and has no index`,
          location: at(column.location.file, column.location.line),
          evidence: [proof, { text: `an index that serves it: ${indexStatement(table, [column.name])}` }],
          object,
          confidence: 'medium',
        })
      }
    }
  }
  return [...found.values()]
}
