import { z } from 'zod'
import { configSchema } from './configschema.ts'

/** The JSON Schema of `scalability.config.json`, as committed in schemas/config.schema.json (`npm run schemas` writes it). */
export function configJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' })
  const head = {
    $schema,
    title: 'Configuration of scalability-agent',
    description: 'scalability.config.json in the audited folder. Data only; every key is optional.',
  }
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`
}
