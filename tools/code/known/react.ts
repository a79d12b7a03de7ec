import { escape } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import type { Call, Value } from '../eval/values.ts'
import { native, obj, UNDEF, UNK } from '../eval/values.ts'
import { lazyComponent } from './next.ts'
import { definePackage } from './packages.ts'

const identity = (name: string) => native(name, call => call.args[0] ?? UNDEF)
const runsLater = (name: string) =>
  native(name, call => {
    if (call.args[0]) escape(call.rt as Machine, call.args[0], call)
    return UNDEF
  })

function state(call: Call): Value {
  const init = call.args[0] ?? UNDEF
  const v = init.t === 'fn' ? call.rt.invoke(init, [], call) : init
  return { t: 'arr', items: [v.t === 'undef' || v.t === 'null' || v.t === 'bool' ? UNK : v, native('setState', c => {
    if (c.args[0]?.t === 'fn') escape(c.rt as Machine, c.args[0], c)
    return UNDEF
  })], e: UNK }
}

/** `useActionState(action, initial)`: the action is called by the form. */
function actionState(call: Call): Value {
  if (call.args[0]) escape(call.rt as Machine, call.args[0], call)
  return { t: 'arr', items: [UNK, UNK, { t: 'bool' }], e: UNK }
}

/** React's `cache` memoises per request: it changes neither rendering nor who sees what. */
const react: Record<string, Value> = {
  cache: identity('cache'),
  memo: identity('memo'),
  forwardRef: identity('forwardRef'),
  use: native('use', call => call.rt.settle(call.args[0] ?? UNDEF, { file: call.file, line: call.startLine, rt: call.rt })),
  useCallback: identity('useCallback'),
  useEffectEvent: identity('useEffectEvent'),
  useMemo: native('useMemo', call => call.rt.invoke(call.args[0] ?? UNDEF, [], call)),
  useState: native('useState', state),
  useReducer: native('useReducer', call => ({ t: 'arr', items: [call.args[1] ?? UNK, UNK], e: UNK })),
  useRef: native('useRef', call => obj({ current: call.args[0] ?? UNDEF })),
  useEffect: runsLater('useEffect'),
  useLayoutEffect: runsLater('useLayoutEffect'),
  startTransition: runsLater('startTransition'),
  useTransition: native('useTransition', () => ({ t: 'arr', items: [{ t: 'bool' }, runsLater('startTransition')], e: UNK })),
  useActionState: native('useActionState', actionState),
  useFormState: native('useFormState', actionState),
  useOptimistic: native('useOptimistic', call => ({ t: 'arr', items: [call.args[0] ?? UNK, UNK], e: UNK })),
  useContext: native('useContext', () => UNK),
  createContext: native('createContext', () => UNK),
  lazy: native('lazy', lazyComponent),
  Suspense: native('Suspense', () => UNK),
  Fragment: native('Fragment', () => UNK),
}

definePackage('react', { ...react, ...Object.fromEntries(Object.entries(react).map(([k, v]) => [`default.${k}`, v])), ...Object.fromEntries(Object.entries(react).map(([k, v]) => [`*.${k}`, v])) })
definePackage('react-dom', { useFormState: native('useFormState', actionState) })
definePackage('server-only', {})
definePackage('client-only', {})
