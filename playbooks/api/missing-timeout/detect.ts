import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, reachedEffects, routesOfPlace, uniqueBy } from '../../shared.ts'

/** A request to somebody else's server that waits as long as that server likes. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const r of reachedEffects(code)) {
    const x = r.effect
    if (x.k !== 'external' || r.client || x.own || x.timeout !== 'no' || r.facts.has('timed')) continue
    // A stream is as long as its answer; the function's own maximum ends it.
    if (/stream(Text|Object)/.test(x.what)) continue
    // A prerendered page waits at build time, with a limit of its own (staticPageGenerationTimeout).
    if (r.cache && r.cache.kind !== 'react-cache') continue
    found.push({
      title: `${x.kind === 'sdk' ? `the call of ${x.what}` : `the request to ${x.host ?? 'a third party'}`} has no timeout`,
      location: at(x.file, x.line, x.endLine),
      routes: routesOfPlace(
        code,
        y => y.effect.k === 'external' && y.effect.file === x.file && y.effect.line === x.line,
      ),
      evidence: [
        {
          text:
            x.kind === 'sdk'
              ? 'the library waits for many minutes by default, longer than a function may run'
              : 'fetch has no timeout of its own: a slow server holds the function until the platform ends it',
        },
      ],
      object: `external ${x.what} ${x.host ?? ''}`,
      confidence: 'high',
    })
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}
