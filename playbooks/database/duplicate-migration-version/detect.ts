import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/** Migration files of one folder that share a version: the tool records one of them. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  const first = new Map<string, string>()
  return (schema?.migrations ?? []).flatMap(({ file, version, tool }) => {
    // Prisma and Drizzle go by the whole name; of unknown tools the rule is not known.
    if (tool !== 'supabase' || version === '') return []
    const folder = file.slice(0, file.lastIndexOf('/'))
    const id = `${folder}/${version}`
    const earlier = first.get(id)
    if (earlier === undefined) {
      first.set(id, file)
      return []
    }
    return [
      {
        title: `The migration \`${baseName(file)}\` has the version of \`${baseName(earlier)}\``,
        location: at(file, 1),
        evidence: [
          { text: `both are version ${version}`, location: at(earlier, 1) },
          {
            text: 'the version is the primary key of supabase_migrations.schema_migrations: the second one cannot be recorded',
          },
        ],
        object: `${version} ${baseName(file)}`,
        confidence: 'high' as const,
      },
    ]
  })
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}
