import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { allEffects, at, routesOfPlace, uniqueBy } from '../../shared.ts'

/** A failed read whose empty answer stays in a shared cache for its whole lifetime. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const r of allEffects(code)) {
    if (r.effect.k !== 'swallow') continue
    const { scopeFile, scopeLine } = r.effect.data as { scopeFile: string; scopeLine: number }
    found.push({
      title: 'A failed read is cached like an answer',
      location: at(r.effect.file, r.effect.line),
      routes: routesOfPlace(
        code,
        x => x.effect.k === 'swallow' && x.effect.file === r.effect.file && x.effect.line === r.effect.line,
      ),
      evidence: [
        {
          text: 'on an error the function returns instead of throwing; the result is stored until it expires',
          location: { file: scopeFile, line: scopeLine },
        },
      ],
      object: 'cached failure',
      confidence: 'high',
    })
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}
