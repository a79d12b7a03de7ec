import type { AccessDraft, AppModel, ReachedEffect } from '../../../tools/code/model.ts'

/** One thing that a caller can reach, with all that it does. */
export interface Unit {
  /** The same before and after, unless the change renames it. */
  key: string
  kind: 'handler' | 'action' | 'procedure' | 'page' | 'proxy' | 'module'
  name: string
  file: string
  line: number
  effects: ReachedEffect[]
  returns: { meta: { err?: readonly string[] } | undefined; line: number }[]
}

export interface Access {
  draft: AccessDraft
  facts: ReadonlySet<string>
  reached: ReachedEffect
}

/** Everything that can be called or rendered, and what only modules hold. */
export function unitsOf(model: AppModel): Unit[] {
  const units: Unit[] = []
  for (const e of model.endpoints)
    units.push({
      key: e.kind === 'handler' ? `handler ${e.path} ${e.name}` : `${e.kind} ${e.name}`,
      kind: e.kind,
      name: e.kind === 'handler' ? `${e.name} ${e.path}` : `${e.name}()`,
      file: e.file,
      line: e.line,
      effects: e.effects,
      returns: e.returns,
    })
  for (const route of model.routes)
    if (route.kind === 'page')
      units.push({
        key: `page ${route.path}`,
        kind: 'page',
        name: `page ${route.path}`,
        file: route.file,
        line: route.line,
        effects: route.effects,
        returns: [],
      })
  for (const { proxy } of model.apps)
    if (proxy)
      units.push({
        key: 'proxy',
        kind: 'proxy',
        name: 'proxy',
        file: proxy.file,
        line: proxy.line,
        effects: proxy.effects,
        returns: [],
      })
  const byFile = new Map<string, ReachedEffect[]>()
  for (const effect of model.unreached)
    byFile.set(effect.effect.file, [...(byFile.get(effect.effect.file) ?? []), effect])
  for (const [file, effects] of byFile)
    units.push({ key: `module ${file}`, kind: 'module', name: file, file, line: 1, effects, returns: [] })
  return units
}

export function accessesOf(unit: Unit): Access[] {
  return unit.effects.flatMap(reached =>
    reached.effect.k === 'access' ? [{ draft: reached.effect.draft, facts: reached.facts, reached }] : [],
  )
}

export function targetOf(draft: AccessDraft): string {
  return draft.rpc
    ? `rpc ${draft.rpc}`
    : `${draft.schema && draft.schema !== 'public' ? `${draft.schema}.` : ''}${draft.table ?? '?'}`
}
