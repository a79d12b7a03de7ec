import { z } from 'zod'
import { assessmentSchema } from './assessment.ts'

/** The JSON Schema of `assessment.json`, as committed in schemas/assessment.schema.json (`npm run schemas` writes it). */
export function assessmentJsonSchema(): string {
  // Readers of a later version meet fields that they do not know: additions are allowed by the contract.
  const { $schema, ...schema } = z.toJSONSchema(assessmentSchema, {
    io: 'output',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  const head = {
    $schema,
    title: 'Assessment of scalability-agent',
    description:
      'What `agent assess --json` prints and `assessment.json` holds. Additive changes only within a formatVersion.',
  }
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`
}
