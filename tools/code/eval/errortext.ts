import { type Machine, mapUnion } from './machine.ts'
import type { Meta, Value } from './values.ts'
import { metaOf } from './values.ts'

/** Remembers where raw error text entered an object or a list: that is where a person stops it. */
export function enterError(v: Value, file: string, line: number | undefined): Value {
  if (line !== undefined && v.t === 'union') return metaOf(v, 3)?.err ? mapUnion(v, x => enterError(x, file, line)) : v
  if (line === undefined || (v.t !== 'unk' && v.t !== 'str' && v.t !== 'obj')) return v
  const m = v.t === 'obj' ? (v.m ?? metaOf(v, 2)) : v.m
  if (!m?.err || m.errIn) return v
  return { ...v, m: { ...m, errIn: { file, line } } }
}

/** Error text among what the server renders, or hands to a component: it is in the page that the visitor gets. */
export function shownError(m: Machine, props: Value, line: number): void {
  if (props.t !== 'obj') return
  for (const v of props.p.values())
    for (const x of v.t === 'arr' ? (v.items ?? []) : [v]) {
      const meta = errorText(x)
      if (meta) m.emit({ k: 'shown-error', file: m.frame.mod.file, line, data: { meta } })
    }
}

/** The text itself: what was merely computed beside an error (a number, a list) does not say what it said. */
function errorText(v: Value): Meta | undefined {
  if (v.t === 'union') return v.alts.map(a => errorText(a.v)).find(meta => meta !== undefined)
  return v.t === 'str' && v.m?.err && v.m.errAt ? v.m : undefined
}
