import { z } from 'zod'
import { UserError } from '../../tools/errors.ts'
import type { ChangeRecord } from '../changes/record.ts'
import { CHANGE_OUTCOMES } from '../changes/record.ts'
import { recordFiles } from '../changes/store.ts'
import { CACHE_FOLDER } from '../folders.ts'
import { cacheOrigin, type Git } from '../since/git.ts'

const reason = z.looseObject({ rule: z.string(), object: z.string(), evidence: z.string() })
const check = z.looseObject({
  name: z.string(),
  status: z.enum(['passed', 'failed', 'skipped']),
  summary: z.string(),
  detail: z.array(z.string()).optional(),
})
const change = z.object({
  playbook: z.string(),
  key: z.string().regex(/^[0-9a-f]{12}$/),
  findings: z.array(z.string()),
  title: z.string(),
  summary: z.string(),
  files: z.record(z.string(), z.string().nullable()),
  migrations: z.array(z.object({ up: z.string(), down: z.string(), transactional: z.boolean() })),
  rollback: z.string(),
  security: z.string(),
  verify: z.array(z.string()),
  notVerified: z.array(z.string()),
})
const record = z.looseObject({
  formatVersion: z.literal(1),
  finding: z.string(),
  playbook: z.string(),
  outcome: z.enum(CHANGE_OUTCOMES),
  reason: z.string().optional(),
  change: change.optional(),
  verdict: z.looseObject({ decision: z.string(), reasons: z.array(reason) }).optional(),
  proof: z.looseObject({ checks: z.array(check) }).optional(),
  branch: z.string().optional(),
  base: z.string().optional(),
  commit: z.string().optional(),
})

/**
 * What `agent build` left behind, in the order of its files' names.
 *
 * @throws UserError when there is nothing, when a record is broken, or when the records came with the repository: what somebody
 *   else wrote is nothing that we have judged
 */
export async function readRecords(root: string, git: Git): Promise<ChangeRecord[]> {
  const files = recordFiles(root)
  if (files.length === 0) throw new UserError('there are no built changes here; run agent build first')
  if ((await cacheOrigin(git)) !== 'ours')
    throw new UserError(
      `${CACHE_FOLDER} is committed here, or git does not trust this folder; what it holds may not be ours`,
    )
  return files.map(({ name, content }) => {
    const parsed = record.safeParse(content)
    if (!parsed.success) throw new UserError(`${CACHE_FOLDER}/changes/${name}: is damaged; run agent build again`)
    return parsed.data as ChangeRecord
  })
}
