import { callUnknown, callValue, handOver } from '../eval/invoke.ts'
import { fork, type Machine } from '../eval/machine.ts'
import type { Call, DomValue, Value } from '../eval/values.ts'
import { appCode, dom, native, obj, UNDEF, UNK } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'
import { responseClass } from './response.ts'
import { callerFactory, callerOf } from './trpc.ts'

/**
 * Procedure builders (next-safe-action, zsa, tRPC): a chain collects middleware and an input schema; the handler at its end runs
 * after all of them. Middleware is ordinary code: what it has proven when it calls `next` holds in the handler.
 */
interface Chain {
  kind: 'safe-action' | 'trpc' | 'zsa'
  middleware: Value[]
  validated: boolean
  bound: boolean
}

function chain(kind: Chain['kind']): Value {
  return dom('chain', { kind, middleware: [], validated: false, bound: false } satisfies Chain)
}

defineDomain('chain', {
  get(v, p) {
    if (p === 'procedure') return v
    return undefined
  },
  call(v) {
    return v
  },
  method(v, name, args, call) {
    const s = v.s as Chain
    switch (name) {
      case 'use':
        return dom('chain', { ...s, middleware: [...s.middleware, ...args] } satisfies Chain)
      case 'schema':
      case 'inputSchema':
      case 'input':
      case 'bindArgsSchemas':
        return dom('chain', { ...s, validated: true } satisfies Chain)
      case 'action':
      case 'stateAction':
      case 'handler':
      case 'query':
      case 'mutation':
      case 'subscription':
        return procedure(v, args[0] ?? UNDEF, call)
      case 'middleware':
        return args[0] ?? UNDEF
      case 'router':
      case 'mergeRouters':
        return dom('trpc-router', { procedures: args[0] ?? UNDEF })
      case 'createCallerFactory':
        return callerFactory(call)
      case 'createServerAction':
      case 'output':
      case 'outputSchema':
      case 'metadata':
      case 'meta':
      case 'context':
      case 'create':
      case 'procedure':
      case 'experimental_caller':
      case 'concat':
      case 'unstable_concat':
      case 'onError':
      case 'onStart':
      case 'onComplete':
      case 'onSuccess':
      case 'timeout':
      case 'retry':
        return v
    }
    return v
  },
})

export interface Procedure {
  chain: Chain
  handler: Value
}

function procedure(v: DomValue, handler: Value, call: Call): Value {
  const s = v.s as Chain
  const value = appCode('procedure', inner => {
    const input: Value = s.validated
      ? { t: 'obj', p: new Map(), open: true }
      : (inner.args[0] ?? { t: 'in', ref: 'arg0' })
    let ctx: Value = { t: 'obj', p: new Map(), open: true }
    const runFrom = (index: number, c: Call): Value => {
      const middleware = s.middleware[index]
      if (middleware) {
        const next = native('next', n => {
          const given = n.args[0]
          const extra = given?.t === 'obj' ? given.p.get('ctx') : undefined
          if (extra?.t === 'obj' && ctx.t === 'obj') {
            const p = new Map(ctx.p)
            for (const [k, x] of extra.p) p.set(k, x)
            ctx = { t: 'obj', p, open: true }
          }
          return runFrom(index + 1, n)
        })
        return callValue(
          inner.rt as Machine,
          middleware,
          [obj({ next, ctx, input, clientInput: input, metadata: UNK, rawInput: input })],
          c,
        )
      }
      return callValue(
        inner.rt as Machine,
        handler,
        s.kind === 'safe-action'
          ? [obj({ parsedInput: input, clientInput: input, ctx, bindArgsParsedInputs: UNK })]
          : [obj({ input, ctx })],
        c,
      )
    }
    return runFrom(0, inner)
  })
  const m = call.rt as Machine
  if (s.kind === 'trpc') m.procedures.push({ value, mod: m.frame.mod, line: call.line })
  return value
}
defineDomain('trpc-router', {
  method: (v, name, args) => (name === 'createCaller' ? callerOf(v, args[0] ?? UNK) : undefined),
  get: (v, p) => {
    const procedures = (v.s as { procedures: Value }).procedures
    return procedures.t === 'obj' ? procedures.p.get(p) : undefined
  },
})

definePackage('next-safe-action', {
  createSafeActionClient: native('createSafeActionClient', () => chain('safe-action')),
  createMiddleware: native('createMiddleware', () => obj({ define: native('define', c => c.args[0] ?? UNDEF) })),
})
definePackage('next-safe-action/hooks', {
  useAction: native('useAction', call => {
    for (const a of call.args) if (a.t === 'fn') call.rt.invoke(a, [], call)
    return UNK
  }),
})
definePackage('zsa', {
  createServerAction: native('createServerAction', () => chain('zsa')),
  createServerActionProcedure: native('createServerActionProcedure', () => chain('zsa')),
})
definePackage('@trpc/server', {
  initTRPC: dom('chain', { kind: 'trpc', middleware: [], validated: false, bound: false } satisfies Chain),
  TRPCError: native('TRPCError', call => ({
    t: 'obj',
    p: new Map<string, Value>([['message', UNK]]),
    open: true,
    ...(call.args[0]?.t === 'obj' ? {} : {}),
  })),
})
definePackage('@trpc/server/adapters/fetch', {
  fetchRequestHandler: native('fetchRequestHandler', call => {
    const options = call.args[0]
    if (options?.t === 'obj') {
      const createContext = options.p.get('createContext')
      if (createContext) call.rt.invoke(createContext, [UNK], call)
      call.rt.emit({ k: 'props', file: call.file, line: call.startLine, data: { trpcHandler: true } })
    }
    return dom('response', { status: 200, cacheControl: undefined, headers: new Map(), kind: 'body' })
  }),
})

/** Wrappers that add observation and change nothing else: the handler runs as it is. */
const transparent = (name: string) =>
  native(name, call => call.args.find(a => a.t === 'fn' || a.t === 'native') ?? call.args[0] ?? UNDEF)
for (const pkg of [
  '@sentry/nextjs',
  'next-axiom',
  '@axiomhq/nextjs',
  '@logtail/next',
  '@highlight-run/next/server',
  '@vercel/otel',
])
  definePackage(pkg, {
    wrapRouteHandlerWithSentry: transparent('wrapRouteHandlerWithSentry'),
    wrapServerComponentWithSentry: transparent('wrapServerComponentWithSentry'),
    withAxiom: transparent('withAxiom'),
    withBetterStack: transparent('withBetterStack'),
    withServerActionInstrumentation: native('withServerActionInstrumentation', call => {
      const body = call.args.find(a => a.t === 'fn')
      return body ? call.rt.invoke(body, [], call) : UNK
    }),
    startSpan: native('startSpan', call => {
      const body = call.args.find(a => a.t === 'fn')
      return body ? call.rt.invoke(body, [UNK], call) : UNK
    }),
    captureException: native('captureException', () => UNDEF),
    captureMessage: native('captureMessage', () => UNDEF),
  })

/** Hono mounted in a route handler. */
definePackage('hono', { Hono: native('Hono', () => dom('unknown-sdk', {})) })
definePackage('@vercel/og', { ImageResponse: responseClass('ImageResponse') })
definePackage('next/og', { ImageResponse: responseClass('ImageResponse') })

/** SWR calls the fetcher with the key; other data libraries call what they are given without arguments (see handOver). */
const swr = native('useSWR', call => {
  const [key, fetcher] = call.args
  const given = key?.t === 'fn' ? call.rt.invoke(key, [], call) : (key ?? UNDEF)
  const m = call.rt as Machine
  const load = fetcher && (fetcher.t === 'fn' || fetcher.t === 'native') ? fetcher : undefined
  if (load) fork(m, [() => callValue(m, load, [given], call), () => UNDEF])
  else for (const a of call.args.slice(1)) handOver(m, a, call)
  if (call.args[2]) handOver(m, call.args[2], call)
  return { t: 'obj', p: new Map([['mutate', native('mutate', c => callUnknown(m, c.args, c))]]), open: true }
})
definePackage('swr', { default: swr, useSWR: swr })
definePackage('swr/immutable', { default: swr })
definePackage('swr/infinite', { default: swr })
