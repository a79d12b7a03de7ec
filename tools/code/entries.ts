import type { Effect, Return } from './eval/effects.ts'
import { makeCall } from './eval/expr.ts'
import { callValue, renderComponent, runLater } from './eval/invoke.ts'
import { type Machine, NO_FACTS } from './eval/machine.ts'
import { exportedValue, exportNames } from './eval/modules.ts'
import type { ModuleContext } from './eval/scope.ts'
import { dom, type FnValue, literal, obj, UNK, type Value } from './eval/values.ts'
import { defineDomain } from './known/domains.ts'
import { requestValue } from './known/response.ts'
import { frameOf } from './runtime.ts'

/** What calling an entry point did. */
export interface Run {
  effects: Effect[]
  returns: Return[]
  opaque: boolean
}

/** The `searchParams` prop: reading it ties the page to the request (facts/04 §4.1); having it does not. */
defineDomain('search-params-prop', {
  escapes: true,
  get(_v, p, rt) {
    rt.emit({ k: 'dynamic', file: '', line: 0, api: 'searchParams' })
    return { t: 'in', ref: `query.${p}` }
  },
  settle(_v, at) {
    at.rt.emit({ k: 'dynamic', file: at.file, line: at.line, api: 'searchParams' })
    return { t: 'in', ref: 'query' }
  },
})

/** The `params` prop: a promise from Next 15 on, an object before; the value is the caller's either way. */
defineDomain('params-prop', {
  escapes: true,
  get(_v, p, rt) {
    rt.emit({ k: 'props', file: '', line: 0, data: { params: true } })
    return { t: 'in', ref: `param.${p}` }
  },
  settle(_v, at) {
    at.rt.emit({ k: 'props', file: at.file, line: at.line, data: { params: true } })
    return { t: 'in', ref: 'param' }
  },
})

const searchParams = dom('search-params-prop', {})
const params = dom('params-prop', {})

/** Runs something from outside the app, with a clean state, and takes what it did. */
export function isolated(m: Machine, mod: ModuleContext, body: () => Value): Run {
  const outer = {
    frame: m.frame,
    path: m.path,
    client: m.client,
    logs: m.logs,
    stack: m.stack,
    depth: m.depth,
    cache: m.cache,
    loading: m.loading,
    branch: m.branch,
  }
  m.frame = frameOf(mod)
  m.path = { facts: NO_FACTS, live: true }
  m.client = mod.client
  m.logs = []
  m.stack = []
  m.depth = 0
  m.cache = undefined
  m.loading = false
  m.branch = ++m.branches
  const v = body()
  runLater(m)
  const returns: Return[] = m.path.live ? unfold(v, m.path.facts) : []
  const effects = m.frame.effects
  Object.assign(m, outer)
  return { effects, returns, opaque: false }
}

/** The alternatives of a result, each with the line of the return that made it when that is known. */
function unfold(v: Value, facts: ReadonlySet<string>): Return[] {
  if (v.t !== 'union') return [{ v, f: facts, line: 0, endLine: 0 }]
  return v.alts.flatMap(a => unfold(a.v, new Set([...facts, ...a.f])))
}

/** Renders a page, layout or template of the server. */
export function renderFile(
  m: Machine,
  file: string,
  exportName: 'default' | 'generateMetadata' | 'generateViewport' | 'generateImageMetadata',
): Run | undefined {
  const mod = m.loader.load(file)
  if (!mod) return undefined
  const v = exportedValue(m, mod, exportName)
  if (v.t === 'undef' || (v.t === 'unk' && exportName !== 'default')) return undefined
  const line = mod.ir.exports.find(e => e.name === exportName)?.l ?? 1
  const props = obj({ params, searchParams, children: dom('element', null) })
  if (v.t === 'obj' || v.t === 'str') return undefined
  return isolated(m, mod, () => {
    const at = makeCall(m, [props], undefined, line, line, line, false)
    if (v.t === 'fn') return callValue(m, v, [props, UNK], at)
    renderComponent(m, v, props, at)
    for (const f of wrappedIn(v)) callValue(m, f, [props], at)
    return UNK
  })
}

export function wrappedIn(v: Value): FnValue[] {
  if (v.t === 'unk' && v.wrapped) return v.wrapped
  if (v.t === 'union') return v.alts.flatMap(a => wrappedIn(a.v))
  return []
}

/** Answers a request with an exported method of a route handler. */
export function callHandler(m: Machine, mod: ModuleContext, handler: Value, line: number): Run {
  const args: Value[] = [requestValue('request'), obj({ params })]
  return callEntry(m, mod, handler, args, line)
}

/** Calls a server action as the network does: with whatever the caller sends. */
export function callAction(m: Machine, mod: ModuleContext, action: Value, line: number): Run {
  const target = targetFunction(action)
  const declared = target?.d.p ?? []
  const args: Value[] = declared.length
    ? declared.map((p, i) => {
        const name = p.t.k === 'id' ? p.t.n : ''
        const isForm = /FormData/.test(p.ty ?? '') || (!p.ty && /^_?form_?data$/i.test(name))
        if (isForm) return dom('form-data', { ref: 'form' }, { inp: [{ ref: 'form' }] })
        return { t: 'in', ref: `arg${i}` } as Value
      })
    : [
        { t: 'in', ref: 'arg0' },
        { t: 'in', ref: 'arg1' },
        { t: 'in', ref: 'arg2' },
      ]
  // Bound arguments come from the closure, encrypted by Next, but they are still sent by the caller.
  return callEntry(m, mod, action, args, line)
}

function targetFunction(v: Value): FnValue | undefined {
  if (v.t === 'fn') return v
  return wrappedIn(v)[0]
}

function callEntry(m: Machine, mod: ModuleContext, target: Value, args: Value[], line: number): Run {
  const wrapped = target.t === 'fn' || target.t === 'native' ? [] : wrappedIn(target)
  const run = isolated(m, mod, () => {
    const at = makeCall(m, args, undefined, line, line, line, false)
    if (target.t === 'fn' || target.t === 'native') {
      const result = callValue(m, target, args, at)
      return result
    }
    let last: Value = UNK
    for (const f of wrapped) last = callValue(m, f, args, at)
    return last
  })
  return { ...run, opaque: wrapped.length > 0 || (target.t !== 'fn' && target.t !== 'native') }
}

/** A module's exported constant: segment options, the proxy's `config`. */
export function exportedLiteral(
  m: Machine,
  mod: ModuleContext,
  name: string,
): { value: string | number | boolean | null | undefined; line: number } | undefined {
  if (!exportNames(m, mod).includes(name)) return undefined
  const line = mod.ir.exports.find(e => e.name === name)?.l ?? 1
  return { value: literal(exportedValue(m, mod, name)), line }
}
