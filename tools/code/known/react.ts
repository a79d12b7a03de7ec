import { generalised, handOver } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import type { CacheScope, Call, Value } from '../eval/values.ts'
import { dom, joinValues, keyOf, metaOf, native, obj, UNDEF, UNK } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { lazyComponent } from './next.ts'
import { definePackage } from './packages.ts'

const identity = (name: string) => native(name, call => call.args[0] ?? UNDEF)
const runsLater = (name: string) =>
  native(name, call => {
    if (call.args[0]) handOver(call.rt as Machine, call.args[0], call)
    return UNDEF
  })

function state(call: Call): Value {
  const init = call.args[0] ?? UNDEF
  const v = init.t === 'fn' ? call.rt.invoke(init, [], call) : init
  return {
    t: 'arr',
    items: [
      generalised(v),
      native('setState', c => {
        if (c.args[0]?.t === 'fn') handOver(c.rt as Machine, c.args[0], c)
        return UNDEF
      }),
    ],
    e: UNK,
  }
}

/** `useActionState(action, initial)`: the action is called by the form. */
function actionState(call: Call): Value {
  if (call.args[0]) handOver(call.rt as Machine, call.args[0], call)
  return { t: 'arr', items: [UNK, UNK, { t: 'bool' }], e: UNK }
}

interface Context {
  value: Value
  provided: number
}

/** Providers stand in layouts, which are rendered before the pages: what they give is there when a component asks. */
function contextValue(context: Value | undefined): Value {
  return context?.t === 'dom' && context.d === 'react-context' ? (context.s as Context).value : UNK
}

function provide(call: Call, s: Context): Value {
  const props = call.args[0]
  const v = props?.t === 'obj' ? props.p.get('value') : undefined
  if (!v) return dom('element', null)
  const given = generalised(v)
  const joined = s.provided === 0 ? given : joinValues(s.value, given, () => call.rt.nextId())
  // A few providers of one context differ; a provider that is rendered again and again does not.
  if (s.provided < 4 && keyOf(joined) !== keyOf(s.value)) {
    s.value = joined
    s.provided++
    ;(call.rt as Machine).contextVersion++
  }
  handOver(call.rt as Machine, v, call)
  return dom('element', null)
}

defineDomain('react-context', {
  get(v, p) {
    const s = v.s as Context
    if (p === 'Provider') return native('Provider', call => provide(call, s))
    if (p === 'Consumer')
      return native('Consumer', call => {
        const children = call.args[0]?.t === 'obj' ? call.args[0].p.get('children') : undefined
        if (children) call.rt.invoke(children, [s.value], call)
        return dom('element', null)
      })
    return undefined
  },
  call: (v, _args, call) => provide(call, v.s as Context),
})

/** Two scopes per cached function: with and without arguments that come from the element of a loop. */
function requestCache(call: Call): Value {
  const fn = call.args[0] ?? UNDEF
  const scope = (keyed: boolean): CacheScope => ({ kind: 'react-cache', file: call.file, line: call.startLine, keyed })
  const same = scope(false)
  const varying = scope(true)
  return native('cached', inner => {
    const own = inner.args.some(a => metaOf(a)?.rows?.length || metaOf(a)?.caller || a.t === 'in') ? varying : same
    const outer = (inner.rt as Machine).cache
    // A shared cache around it is what counts.
    if (outer && outer.kind !== 'react-cache') return inner.rt.invoke(fn, inner.args, inner)
    return inner.rt.inCache(own, () => inner.rt.invoke(fn, inner.args, inner))
  })
}

/** React's `cache` memoises per request: it changes neither rendering nor who sees what. */
const react: Record<string, Value> = {
  cache: native('cache', requestCache),
  memo: identity('memo'),
  forwardRef: identity('forwardRef'),
  use: native('use', call =>
    call.args[0]?.t === 'dom' && call.args[0].d === 'react-context'
      ? contextValue(call.args[0])
      : call.rt.settle(call.args[0] ?? UNDEF, { file: call.file, line: call.startLine, rt: call.rt }),
  ),
  useCallback: identity('useCallback'),
  useEffectEvent: identity('useEffectEvent'),
  useMemo: native('useMemo', call => call.rt.invoke(call.args[0] ?? UNDEF, [], call)),
  useState: native('useState', state),
  useReducer: native('useReducer', call => ({ t: 'arr', items: [generalised(call.args[1] ?? UNK), UNK], e: UNK })),
  useRef: native('useRef', call => obj({ current: generalised(call.args[0] ?? UNDEF) })),
  useEffect: runsLater('useEffect'),
  useLayoutEffect: runsLater('useLayoutEffect'),
  startTransition: runsLater('startTransition'),
  useTransition: native('useTransition', () => ({
    t: 'arr',
    items: [{ t: 'bool' }, runsLater('startTransition')],
    e: UNK,
  })),
  useActionState: native('useActionState', actionState),
  useFormState: native('useFormState', actionState),
  useOptimistic: native('useOptimistic', call => ({
    t: 'arr',
    items: [generalised(call.args[0] ?? UNK), UNK],
    e: UNK,
  })),
  useContext: native('useContext', call => contextValue(call.args[0])),
  createContext: native('createContext', call =>
    dom('react-context', { value: generalised(call.args[0] ?? UNDEF), provided: 0 } satisfies Context),
  ),
  lazy: native('lazy', lazyComponent),
  Suspense: native('Suspense', () => UNK),
  Fragment: native('Fragment', () => UNK),
}

definePackage('react', {
  ...react,
  ...Object.fromEntries(Object.entries(react).map(([k, v]) => [`default.${k}`, v])),
  ...Object.fromEntries(Object.entries(react).map(([k, v]) => [`*.${k}`, v])),
})
definePackage('react-dom', { useFormState: native('useFormState', actionState) })
definePackage('server-only', {})
definePackage('client-only', {})
