import type { Machine } from '../eval/machine.ts'
import { type Call, dom, native, obj, UNK, type Value } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/**
 * tRPC called on the server: every call makes the context (which is where `headers()` is read) and runs the procedure.
 */
interface Caller {
  /** The router, one of its branches, or a procedure. */
  node: Value
  context: Value
}

export function callerOf(node: Value, context: Value): Value {
  return dom('trpc-caller', { node, context } satisfies Caller)
}

/** `createCallerFactory(router)(context)`. */
export function callerFactory(call: Call): Value {
  const router = call.args[0] ?? UNK
  return native('createCaller', inner => callerOf(router, inner.args[0] ?? UNK))
}

function run(v: Value, args: Value[], call: Call): Value {
  if (v.t !== 'dom') return UNK
  const { node, context } = v.s as Caller
  const m = call.rt as Machine
  if (context.t === 'fn' || context.t === 'native') m.settle(m.invoke(context, [], call), { ...call, rt: m })
  return node.t === 'native' || node.t === 'fn' ? m.invoke(node, args, call) : UNK
}

/** What prefetches or names a query of the procedure that it stands on. */
const HELPERS = new Set(['prefetch', 'prefetchInfinite', 'queryOptions', 'infiniteQueryOptions'])

defineDomain('trpc-caller', {
  get(v, p, rt) {
    const { node, context } = v.s as Caller
    if (HELPERS.has(p)) return v
    const child = node.t === 'obj' ? node.p.get(p) : node.t === 'dom' ? (rt as Machine).get(node, p, UNUSED) : undefined
    return callerOf(child ?? UNK, context)
  },
  call: (v, args, call) => run(v, args, call),
  method(v, name, args, call) {
    const child = HELPERS.has(name) ? v : (call.rt as Machine).get(v, name, call)
    return run(child, args, call)
  },
})

/** Property reads of routers do not look at the call. */
const UNUSED = { line: 0 } as Call

definePackage('@trpc/react-query/rsc', {
  createHydrationHelpers: native('createHydrationHelpers', call =>
    obj({ trpc: call.args[0] ?? UNK, HydrateClient: native('HydrateClient', () => dom('element', null)) }),
  ),
})
definePackage('@trpc/tanstack-react-query', {
  createTRPCOptionsProxy: native('createTRPCOptionsProxy', call => {
    const options = call.args[0]
    if (options?.t !== 'obj') return UNK
    const context = options.p.get('ctx') ?? UNK
    // Making the options is enough: they are made for a prefetch of the same render.
    return callerOf(options.p.get('router') ?? UNK, context)
  }),
})
