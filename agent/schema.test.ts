import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { configJsonSchema } from './schema.ts'

const published = fileURLToPath(new URL('../schemas/config.schema.json', import.meta.url))

// A failure here means that the configuration changed: `npm run schemas` publishes the change.
test('schemas/config.schema.json is in step with the configuration', async () => {
  await expect(configJsonSchema()).toMatchFileSnapshot(published)
})

test.each([
  [{ failOn: 'high', suppress: [{ playbook: 'database/*', files: 'src/**', reason: 'small' }] }, true],
  [{ failOn: 'hgih' }, false],
  [{ suppress: [{ playbook: 'database/*' }] }, false],
  [{ area: ['database'] }, false],
])('%j: %s', (config, valid) => {
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(configJsonSchema()))
  expect(validate(config)).toBe(valid)
})
