import type { SchemaModel, SchemaPolicy } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { isTrue, rolesOf } from '../../policies.ts'
import { at } from '../../shared.ts'
import { comparisonsOf, splitAt, sqlTree } from '../../sql.ts'

/** Public buckets with a policy by which everybody can list all their files. Showing a file of a public bucket needs none. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  const objects = schema?.tables.find(t => t.schema === 'storage' && t.name === 'objects')
  if (!schema || !objects) return []
  return objects.policies.flatMap(policy => {
    const bucket = listedBucket(schema, policy)
    if (bucket === undefined) return []
    return [
      {
        title: `Everybody can list all files of the public bucket \`${bucket}\``,
        location: at(policy.location.file, policy.location.line),
        evidence: [
          {
            text: `"${policy.name}" asks for nothing but the bucket; files of a public bucket are served without any policy`,
            location: at(policy.location.file, policy.location.line),
          },
        ],
        object: `${bucket} ${policy.name}`,
        confidence: 'high' as const,
        security: true,
      },
    ]
  })
}

/** The public bucket that the policy opens for listing: by `bucket_id = '…'` and nothing else, or by `true`. */
function listedBucket({ buckets = [] }: SchemaModel, policy: SchemaPolicy): string | undefined {
  const readable = policy.command === 'select' || policy.command === 'all'
  if (!readable || !policy.permissive || policy.using === undefined) return undefined
  if (!rolesOf(policy).some(role => ['public', 'anon', 'authenticated'].includes(role))) return undefined
  if (isTrue(policy.using)) return buckets.find(bucket => bucket.public)?.id
  for (const branch of splitAt(sqlTree(policy.using), 'or')) {
    const conjuncts = splitAt(branch, 'and')
    const [only] = conjuncts
    if (conjuncts.length !== 1 || !only) continue
    const comparison = comparisonsOf(only).find(
      ({ column, operator }) => column.name === 'bucket_id' && operator === '=',
    )
    const value = comparison?.other[0]
    // As PostgreSQL prints it, the literal has a cast.
    if (value?.kind !== 'string' || (comparison?.other.length ?? 0) > 3) continue
    const id = value.text.slice(1, -1).replaceAll("''", "'")
    if (buckets.some(bucket => bucket.id === id && bucket.public)) return id
  }
  return undefined
}
