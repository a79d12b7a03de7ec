import { z } from 'zod'
import { AREAS, SEVERITIES } from '../playbooks/finding.ts'
import { UserError } from '../tools/errors.ts'
import { CONFIG_FILE } from './config.ts'
import { locateKey, syntaxError } from './json.ts'
import { oneLine } from './text.ts'

const glob = z.string().min(1).max(500)
const reason = z.string().trim().min(1, 'a reason is required').max(1000)

const suppression = z
  .strictObject({
    playbook: z.string().min(1).max(100).describe('"<area>/<id>", "<area>/*" or "*".'),
    files: z
      .union([glob, z.array(glob).min(1).max(200)])
      .optional()
      .describe('Globs; brackets and parentheses are plain characters.'),
    key: z.string().min(1).max(1000).optional().describe('Key of one finding, as in assessment.json.'),
    reason: reason.describe('Why this is fine. Shown in every report.'),
  })
  .describe('Findings that are accepted. All given conditions must hold.')

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  areas: z.array(z.enum(AREAS)).min(1).optional().describe('Look at these areas only. --area overrides it.'),
  exclude: z.array(glob).max(500).optional().describe('Findings in these files are left out, e.g. "apps/internal/**".'),
  suppress: z.array(suppression).max(1000).optional(),
  targets: z
    .strictObject({
      concurrentUsers: z
        .number()
        .int()
        .min(1)
        .max(100_000_000)
        .optional()
        .describe('Users at the same time. Default 10000.'),
      p95Ms: z
        .number()
        .int()
        .min(1)
        .max(600_000)
        .optional()
        .describe('95th percentile of the response time, milliseconds.'),
    })
    .optional()
    .describe('What the app is to hold.'),
  rows: z
    .record(z.string().min(1).max(200), z.number().int().min(0).max(100_000_000_000))
    .optional()
    .describe('Rows of tables at the target, e.g. { "posts": 5000000 }; others are assumed by who writes them.'),
  failOn: z
    .enum([...SEVERITIES, 'none'])
    .optional()
    .describe('Exit with 1 when an open finding is at least this severe. --fail-on overrides it.'),
})

export type Config = z.infer<typeof configSchema>
export type ConfigSuppression = z.infer<typeof suppression>

/** @throws UserError `<label>:<line>: <key>: <what is wrong>` for the first mistake. */
export function parseConfig(text: string, label = CONFIG_FILE): Config {
  const broken = syntaxError(text)
  if (broken) throw new UserError(`${label}:${broken.line}: not valid JSON (${broken.message})`)
  const parsed = configSchema.safeParse(JSON.parse(text.replace(/^\ufeff/, '')))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path
  const key = oneLine(path.map(String).join('.'), 80) || 'the file'
  throw new UserError(`${label}:${locateKey(text, path)}: ${key}: ${complaint(issue)}`)
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return oneLine(issue.message, 200)
  const known = issue.path.length === 0 ? `; known keys: ${Object.keys(configSchema.shape).join(', ')}` : ''
  return `unknown key${known}`
}
