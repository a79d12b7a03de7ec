import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, uniqueBy } from '../../shared.ts'

/** `revalidate` on a route that is rendered for every request anyway. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const route of code.routes) {
    if (route.kind === 'proxy' || route.rendering.mode !== 'dynamic') continue
    const option = route.config.find(
      c => c.name === 'revalidate' && typeof c.value === 'number' && c.value > 0 && c.file === route.file,
    )
    if (!option) continue
    const cause = route.rendering.reasons.find(r => r.cause !== 'handler-default') ?? route.rendering.reasons[0]
    if (!cause) continue
    found.push({
      title: `revalidate = ${String(option.value)} has no effect on ${route.path}: ${cause.text}`,
      location: at(option.file, option.line),
      routes: [route.path],
      evidence: [
        { text: `the route is dynamic because ${cause.text}`, location: { file: cause.file, line: cause.line } },
        { text: 'Next answers with Cache-Control: private, no-store; nothing is stored between requests' },
      ],
      object: 'option revalidate',
      confidence: 'high',
    })
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}
