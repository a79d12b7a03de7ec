import type { ReachedEffect } from '../../../tools/code/model.ts'
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
      title: titleOf(x),
      location: at(x.file, x.line, x.endLine),
      routes: routesOfPlace(
        code,
        y => y.effect.k === 'external' && y.effect.file === x.file && y.effect.line === x.line,
      ),
      evidence: [{ text: whyOf(x) }],
      object: `external ${x.what} ${x.host ?? ''}`,
      confidence: 'high',
    })
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}

type External = Extract<ReachedEffect['effect'], { k: 'external' }>

/** What libraries wait by default, where that is longer than a request may take (source: their documentation). */
const DEFAULTS: Record<string, string> = { OpenAI: '10 minutes', Anthropic: '10 minutes' }

function titleOf(x: External): string {
  if (x.kind === 'http') return `The request to ${x.host ?? 'a third party'} has no timeout`
  const wait = DEFAULTS[x.what]
  return wait
    ? `The call of ${x.what} waits for ${wait}, the library's default`
    : `The call of ${x.what} has no timeout`
}

function whyOf(x: External): string {
  if (x.kind === 'http' && x.what !== 'fetch')
    return `${x.what} waits without end unless it is told otherwise: a slow server holds the function until the platform ends it`
  if (x.kind === 'http')
    return 'fetch has no timeout of its own: a slow server holds the function until the platform ends it'
  return DEFAULTS[x.what]
    ? 'longer than a function may run: the platform ends it first, and nothing answers the person who waits; pass a timeout of seconds'
    : 'neither the library nor this call sets a limit: a slow server holds the function until the platform ends it'
}
