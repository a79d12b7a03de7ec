import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/** Functions whose names are looked up along the caller's search_path. With SECURITY DEFINER that is a way to the owner's rights. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema || (schema.source !== 'migrations' && schema.source !== 'schema-files')) return []
  return schema.functions.flatMap(f => {
    if (f.searchPath !== undefined || !/^(sql|plpgsql)$/i.test(f.language)) return []
    const name = `${f.schema}.${f.name}`
    return [
      {
        title: f.securityDefiner
          ? `\`${name}()\` runs with its owner's rights and the caller's search_path`
          : `\`${name}()\` has no search_path of its own`,
        location: at(f.location.file, f.location.line),
        evidence: [
          {
            text: `${f.securityDefiner ? 'SECURITY DEFINER' : 'SECURITY INVOKER'}, and after all migrations no SET search_path`,
            location: at(f.location.file, f.location.line),
          },
        ],
        object: `${name}(${(f.arguments ?? []).map(a => a.type).join(', ')})`,
        severity: f.securityDefiner ? ('high' as const) : ('info' as const),
        confidence: 'high' as const,
        security: f.securityDefiner,
      },
    ]
  })
}
