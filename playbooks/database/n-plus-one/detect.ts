import type { AppModel, ReachedEffect } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { allEffects, at, objectName, reachedEffects, routesOfPlace } from '../../shared.ts'

interface Group {
  anchor: { file: string; line: number }
  loop: { file: string; line: number }
  what: Map<string, ReachedEffect>
  query: boolean
}

/** One query (or one call of a third party) per element of a list. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const groups = new Map<string, Group>()
  for (const r of allEffects(code)) {
    const loop = r.loops[r.loops.length - 1]
    if (
      !loop ||
      !(loop.kind === 'data' || (loop.kind === 'bounded' && r.effect.k === 'external' && r.effect.cost === 'llm')) ||
      r.cache?.kind === 'unstable_cache'
    )
      continue
    // React's cache() runs it once per request when the arguments do not change from element to element.
    if (r.cache?.kind === 'react-cache' && !r.cache.keyed) continue
    const name = nameOf(r)
    if (!name) continue
    // A loop is one thing to change, whatever it does each time.
    const key = `${r.anchor.file}:${loop.file}:${loop.line}`
    const group = groups.get(key) ?? { anchor: r.anchor, loop, what: new Map(), query: false }
    const query = r.effect.k === 'access'
    if ((query && !group.query) || (query === group.query && r.anchor.line < group.anchor.line)) group.anchor = r.anchor
    group.query ||= query
    group.what.set(name, r)
    groups.set(key, group)
  }
  return [...groups.values()].map(g => findingOf(g, code))
}

function findingOf(g: Group, code: AppModel): DetectedFinding {
  // Queries before calls of others.
  const queries = (name: string) => Number(g.what.get(name)?.effect.k !== 'access')
  const names = [...g.what.keys()].sort().sort((a, b) => queries(a) - queries(b))
  const { anchor, loop, query } = g
  const first = g.what.get(names[0] as string) as ReachedEffect
  const all = [...g.what.values()]
  // In a browser the list is what one person has in front of them; the requests still come one by one.
  const browser = all.every(r => r.client)
  const routes = routesOfPlace(
    code,
    r => r.anchor.file === anchor.file && r.anchor.line === anchor.line && r.loops.length > 0,
  )
  const called = routes.length > 0 || reachedEffects(code).some(r => all.includes(r))
  const severe = query && !browser && called
  return {
    title: `One ${query ? 'query' : 'request'} per element of a list: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`,
    location: at(anchor.file, anchor.line),
    routes,
    evidence: [
      {
        text: browser
          ? 'the loop starts here and runs in the browser, once for each of the elements in front of one person'
          : 'the loop starts here and runs as often as the list is long',
        location: at(loop.file, loop.line),
      },
      ...(first.effect.file !== anchor.file || Math.abs(first.effect.line - anchor.line) > 3
        ? [{ text: `what runs each time: ${names[0]}`, location: at(first.effect.file, first.effect.line) }]
        : []),
    ],
    object: `loop ${names.join(' ')}`,
    severity: severe ? ('high' as const) : ('medium' as const),
    confidence: severe ? ('high' as const) : ('medium' as const),
  }
}

function nameOf(r: ReachedEffect): string | undefined {
  const e = r.effect
  if (e.k === 'access') {
    // Prisma collects findUnique calls of one tick into one query.
    if (
      e.draft.client === 'prisma' &&
      e.draft.op === 'select' &&
      e.draft.single &&
      e.draft.filters.every(f => f.op === 'eq') &&
      e.draft.filters.length === 1 &&
      e.draft.filters[0]?.column === 'id'
    )
      return undefined
    const verb =
      e.draft.op === 'rpc'
        ? 'calls'
        : e.draft.op === 'select'
          ? 'reads'
          : `${e.draft.op}s`.replace('deletes', 'deletes from').replace('inserts', 'inserts into')
    return `${verb} ${objectName(e.draft)}`
  }
  if (e.k !== 'external' || r.client || e.own) return undefined
  // Sending one message per destination is inherent; asking one service again and again is not.
  if (e.kind === 'sdk' && e.cost !== 'email' && e.cost !== 'sms') return `a call of ${e.what}`
  if (e.kind === 'http' && e.cost === 'llm') return `a call of ${e.host ?? 'a model'}`
  if (e.kind === 'http' && e.method === 'GET' && e.host !== undefined) return `a call of ${e.host}`
  return undefined
}
