import type { SchemaFunction, SchemaModel, SchemaPolicy } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { expressionsOf } from '../../policies.ts'
import { at } from '../../shared.ts'
import { callsIn } from '../../sql.ts'

/** What users can set themselves, in the browser, with `auth.updateUser({ data })`. */
const USER_METADATA = /\b(raw_)?user_meta(_)?data\b/i

/** Policies that believe what users say of themselves. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema || schema.source === 'generated-types') return []
  return schema.tables.flatMap(table =>
    table.policies.flatMap(policy => {
      const direct = USER_METADATA.test(`${policy.using ?? ''} ${policy.withCheck ?? ''}`)
      const through = direct ? undefined : helperOf(schema, policy)
      if (!direct && !through) return []
      return [
        {
          title: `The policy "${policy.name}" on \`${table.name}\` relies on user_metadata, which users change themselves`,
          location: at(policy.location.file, policy.location.line),
          evidence: [
            through
              ? { text: `\`${through.name}()\` reads it`, location: at(through.location.file, through.location.line) }
              : { text: 'its condition reads it', location: at(policy.location.file, policy.location.line) },
          ],
          object: `${table.schema}.${table.name} ${policy.name}`,
          confidence: direct ? ('high' as const) : ('medium' as const),
          security: true,
        },
      ]
    }),
  )
}

function helperOf(schema: SchemaModel, policy: SchemaPolicy): SchemaFunction | undefined {
  const calls = expressionsOf(policy).flatMap(tree => callsIn(tree))
  return schema.functions.find(
    f =>
      USER_METADATA.test(f.body) &&
      calls.some(call => call.name === f.name && (call.schema === undefined || call.schema === f.schema)),
  )
}
