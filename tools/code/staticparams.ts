import semver from 'semver'
import { isolated } from './entries.ts'
import { makeCall } from './eval/expr.ts'
import { callValue } from './eval/invoke.ts'
import type { Machine } from './eval/machine.ts'
import { exportedValue, exportNames } from './eval/modules.ts'
import { obj, UNK, type Value } from './eval/values.ts'
import type { RouteFiles } from './workspace.ts'

/** What generateStaticParams says about a route's dynamic segments. */
export interface StaticParams {
  /** The list is an empty literal: the build prerenders no path, every one of them on its first request. */
  empty: boolean
}

interface Lister {
  file: string
  value: Value
}

/**
 * Whether generateStaticParams lists the dynamic segments of a route; undefined when one of them stays open. A list covers the
 * segments down to the folder it stands in. From 15 on a list further up covers a segment when it names it (measured:
 * fixtures/workspace/segments), and lists of slots count.
 */
export function staticParamsOf(m: Machine, files: RouteFiles): StaticParams | undefined {
  if (files.dynamicSegments.length === 0) return undefined
  const next = semver.coerce(files.app.next ?? '') ?? '15.5.0'
  const before15 = semver.lt(next, '15.0.0')
  const before151 = semver.lt(next, '15.1.0')
  const folders = files.file.split('/').slice(0, -1)
  const last = folders.findLastIndex(f => f.includes('['))
  const counts = (file: string) => !before151 || file === files.file || !file.includes('/@')
  const listers = files.chain.filter(l => counts(l.file)).flatMap(link => listerOf(m, link.file, link.role))
  const covers = listers.some(l => l.file.split('/').length - 1 > last)
  if (!covers && (before15 || !namesAll(listers, files.dynamicSegments))) return undefined
  const empty = listers.every(l => itemsOf(l.value)?.length === 0)
  // 15.0 alone took an empty list for none (measured; so did it with lists of slots, as 14 had).
  return empty && before151 && !before15 ? undefined : { empty }
}

function listerOf(m: Machine, file: string, role: string): Lister[] {
  if (role === 'template' || role === 'loading' || role === 'error' || role === 'not-found') return []
  const mod = m.loader.load(file)
  if (!mod || mod.client || !exportNames(m, mod).includes('generateStaticParams')) return []
  const list = exportedValue(m, mod, 'generateStaticParams')
  // It runs at build time: what it reads is no part of the route, and stays what nothing reaches.
  const { visited } = m
  m.visited = new Set(visited)
  const run = isolated(m, mod, () =>
    callValue(m, list, [obj({ params: UNK })], makeCall(m, [], undefined, 1, 1, 1, false)),
  )
  m.visited = visited
  return run.returns.length === 1 ? [{ file, value: run.returns[0]?.v ?? UNK }] : [{ file, value: UNK }]
}

function itemsOf(v: Value): Value[] | undefined {
  return v.t === 'arr' ? v.items : undefined
}

function namesAll(listers: readonly Lister[], segments: readonly string[]): boolean {
  const named = new Set<string>()
  for (const l of listers) {
    const one = itemsOf(l.value)?.[0] ?? (l.value.t === 'arr' ? l.value.e : undefined)
    if (one?.t === 'obj') for (const name of one.p.keys()) named.add(name)
  }
  return segments.every(s => named.has(s))
}
