import { proof } from '../eval/compare.ts'
import { elementOf } from '../eval/exec.ts'
import { settleValue, toNumber } from '../eval/expr.ts'
import { callUnknown, callValue } from '../eval/invoke.ts'
import { alternativesOf, joinArms, type Machine, makeUnion, validFacts } from '../eval/machine.ts'
import type { Call, DomValue, Runtime, Value } from '../eval/values.ts'
import {
  arr,
  BOOL,
  dom,
  joinMeta,
  joinValues,
  literal,
  metaOf,
  NUM,
  native,
  obj,
  STR,
  str,
  strOf,
  UNDEF,
  UNK,
  unk,
} from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { fetchCall } from './http.ts'
import { responseClass } from './response.ts'
import { readableStream, transformStream } from './streams.ts'

const M = (call: Call): Machine => call.rt as Machine

function passMeta(call: Call): Value {
  return unk(call.args.reduce((a, v) => joinMeta(a, metaOf(v)), metaOf(UNK)))
}

function passText(call: Call): Value {
  return strOf(call.args.reduce((a, v) => joinMeta(a, metaOf(v)), metaOf(UNK)))
}

const number = native('Number', call => toNumber(call.args[0] ?? UNDEF), {
  isInteger: native('isInteger', sizeless),
  isFinite: native('isFinite', sizeless),
  isSafeInteger: native('isSafeInteger', sizeless),
  isNaN: native('isNaN', () => BOOL),
  parseInt: native('parseInt', call => toNumber(call.args[0] ?? UNDEF)),
  parseFloat: native('parseFloat', call => toNumber(call.args[0] ?? UNDEF)),
  MAX_SAFE_INTEGER: { t: 'num', v: Number.MAX_SAFE_INTEGER },
})

/** Says that it is a number, not how large: enough for an id, not for a page size. */
function sizeless(call: Call): Value {
  const refs = call.args[0] ? metaOf(call.args[0])?.inp : undefined
  return refs?.length && !refs.some(r => r.num) ? proof(M(call), validFacts(call.args[0] as Value)) : BOOL
}

/** Math.min(input, 100): the size is bounded, so the input counts as validated from here on. */
function clamp(call: Call): Value {
  const known = call.args.filter(a => !metaOf(a)?.inp)
  const limits = known.map(literal).filter(n => typeof n === 'number')
  const small = limits.length === 0 || Math.min(...limits) <= 100
  if (known.length && call.args.length > 1) return { t: 'num', m: small ? { bounded: true } : { caller: true } }
  return { t: 'num', ...metaPart(call) }
}

function metaPart(call: Call): { m?: NonNullable<ReturnType<typeof metaOf>> } {
  const m = call.args.reduce((a, v) => joinMeta(a, metaOf(v)), metaOf(UNK))
  return m ? { m } : {}
}

function promiseAll(call: Call): Value {
  const m = M(call)
  const list = call.args[0] ?? UNDEF
  const at = { file: call.file, line: call.startLine, rt: m }
  if (list.t === 'arr' && list.items) {
    const items = list.items.map(i => settleValue(m, i, at))
    return { t: 'arr', items, e: items.length ? items.reduce((a, b) => joinValues(a, b, () => ++m.ids)) : UNDEF }
  }
  if (list.t === 'arr')
    return {
      ...list,
      e: list.bound !== undefined && list.bound <= 12 ? settleValue(m, list.e, at) : settleLoop(m, list.e, at),
    }
  if (list.t === 'union')
    return joinArms(
      m,
      alternativesOf(m, list).map(x => () => promiseAll({ ...call, args: [x] })),
    )
  return unk(metaOf(list))
}

/** An array of builders made in a loop: awaiting it executes one per element. */
function settleLoop(m: Machine, v: Value, at: { file: string; line: number; rt: Machine }): Value {
  const loops = m.frame.loops
  // The builders may come from a callback that has already been counted as a loop; awaiting them here is where they run.
  if (v.t === 'dom') m.frame.loops = [...loops, { kind: 'data', file: m.frame.mod.file, line: at.line }]
  const result = settleValue(m, v, at)
  m.frame.loops = loops
  return result
}

function settled(call: Call): Value {
  const all = promiseAll(call)
  const wrap = (v: Value): Value =>
    joinValues(
      obj({ status: { t: 'str', v: 'fulfilled' }, value: v }),
      obj({ status: { t: 'str', v: 'rejected' }, reason: unk({ err: ['exception'] }) }),
      () => ++M(call).ids,
    )
  if (all.t === 'arr') return { ...all, e: wrap(all.e), ...(all.items ? { items: all.items.map(wrap) } : {}) }
  return all
}

function entriesOf(v: Value, pick: (k: string, x: Value) => Value, rest: (x: Value) => Value): Value {
  if (v.t === 'obj' && !v.open) {
    const items = [...v.p].map(([k, x]) => pick(k, x))
    return {
      t: 'arr',
      items,
      e: items.length ? items.reduce((a, b) => joinValues(a, b, () => 0)) : UNDEF,
      ...(v.m ? { m: v.m } : {}),
    }
  }
  return arr(rest(v.t === 'arr' ? elementOf(v) : v.t === 'in' ? v : unk(metaOf(v))), metaOf(v))
}

function errorClass(name: string): Value {
  return native(
    name,
    call => {
      const message = call.args[0] ?? UNDEF
      const meta = metaOf(message)
      const cause = call.args[1]?.t === 'obj' ? call.args[1].p.get('cause') : undefined
      return {
        t: 'obj',
        p: new Map<string, Value>([
          ['message', message.t === 'undef' ? STR : message],
          ['name', STR],
          ['stack', strOf({ err: ['exception'] })],
          ...(cause ? [['cause', cause] as [string, Value]] : []),
        ]),
        cls: 'Error',
        ...(meta?.err ? { m: { err: meta.err } } : {}),
      }
    },
    { prototype: obj({}) },
  )
}

const collection = (name: string) =>
  native(name, call =>
    call.args[0]
      ? call.args[0].t === 'arr'
        ? { ...call.args[0], ...(name === 'Map' ? { items: undefined } : {}) }
        : unk(metaOf(call.args[0]))
      : dom('collection', { name }),
  )

/** What differs from one moment to the next: with cacheComponents a handler that asks for it is not prerendered. */
function moment(call: Call, what: string, v: Value): Value {
  if (!call.rt.isClient() && call.rt.inFunction())
    call.rt.emit({ k: 'props', file: call.file, line: call.startLine, data: { moment: what } })
  return v
}

const table: Record<string, Value> = {
  Promise: native(
    'Promise',
    call => {
      const body = call.args[0]
      let resolved: Value = UNK
      const resolve = native('resolve', c => {
        resolved = joinValues(resolved, c.args[0] ?? UNDEF, () => ++M(call).ids)
        return UNDEF
      })
      if (body) callValue(M(call), body, [resolve, native('reject', () => UNDEF)], call)
      return resolved
    },
    {
      all: native('Promise.all', promiseAll),
      allSettled: native('Promise.allSettled', settled),
      race: native('Promise.race', call => {
        // Whatever waits longest loses: a request that races against a timer has a limit.
        const list = call.args[0]
        if (list?.t === 'arr' && (list.items?.length ?? 0) > 1)
          for (const x of list.items ?? [])
            for (const y of alternativesOf(M(call), x))
              if (y.t === 'dom' && y.d === 'fetched') (y.s as { effect: { timeout: string } }).effect.timeout = 'yes'
        const all = promiseAll(call)
        return all.t === 'arr' ? elementOf(all) : all
      }),
      any: native('Promise.any', call => {
        const all = promiseAll(call)
        return all.t === 'arr' ? elementOf(all) : all
      }),
      resolve: native('Promise.resolve', call => call.args[0] ?? UNDEF),
      reject: native('Promise.reject', call => {
        M(call).frame.thrown.push({
          v: call.args[0] ?? UNK,
          f: M(call).path.facts,
          line: call.line,
          endLine: call.endLine,
        })
        return call.rt.never()
      }),
    },
  ),
  Object: native('Object', passMeta, {
    keys: native('keys', call =>
      entriesOf(
        call.args[0] ?? UNDEF,
        k => ({ t: 'str', v: k }),
        v => v,
      ),
    ),
    values: native('values', call =>
      entriesOf(
        call.args[0] ?? UNDEF,
        (_, x) => x,
        v => v,
      ),
    ),
    entries: native('entries', call =>
      entriesOf(
        call.args[0] ?? UNDEF,
        (k, x) => ({ t: 'arr', items: [{ t: 'str', v: k }, x], e: x }),
        v => ({ t: 'arr', items: [STR, v], e: v }),
      ),
    ),
    fromEntries: native('fromEntries', passMeta),
    assign: native('assign', call => {
      const p = new Map<string, Value>()
      let open = false
      for (const a of call.args) {
        if (a.t === 'obj') for (const [k, v] of a.p) p.set(k, v)
        else open = true
      }
      const meta = call.args.reduce((x, v) => joinMeta(x, metaOf(v)), metaOf(UNK))
      return { t: 'obj', p, open, ...(meta && open ? { m: meta } : {}) }
    }),
    freeze: native('freeze', call => call.args[0] ?? UNDEF),
    hasOwn: native('hasOwn', call =>
      call.args[1] && !metaOf(call.args[0] ?? UNDEF)?.inp ? proof(M(call), validFacts(call.args[1])) : BOOL,
    ),
  }),
  Array: native(
    'Array',
    call =>
      typeof literal(call.args[0] ?? UNDEF) === 'number' && (literal(call.args[0] as Value) as number) <= 12
        ? { t: 'arr', items: [], e: UNDEF }
        : arr(UNK),
    {
      isArray: native('isArray', call => {
        const v = call.args[0] ?? UNDEF
        return v.t === 'arr' ? { t: 'bool', v: true } : v.t === 'obj' || v.t === 'str' ? { t: 'bool', v: false } : BOOL
      }),
      from: native('from', call => {
        const source = call.args[0] ?? UNDEF
        const list: Value =
          source.t === 'arr'
            ? source
            : source.t === 'obj'
              ? { t: 'arr', e: UNK, items: [] }
              : arr(elementOf(source), metaOf(source))
        return call.args[1]
          ? arr(
              call.rt.invokeInLoop(
                call.args[1],
                [elementOf(list), NUM],
                call,
                source.t === 'obj' ? 'constant' : 'data',
              ),
              metaOf(source),
            )
          : list
      }),
      of: native('of', call => ({ t: 'arr', items: call.args, e: call.args[0] ?? UNDEF })),
    },
  ),
  JSON: obj({
    stringify: native('stringify', passText),
    parse: native('parse', call => {
      const meta = metaOf(call.args[0] ?? UNDEF)
      const ref = meta?.inp?.[0]
      return ref && call.args[0]?.t === 'in' ? call.args[0] : unk(meta)
    }),
  }),
  Math: obj({
    min: native('min', clamp),
    max: native('max', call => ({ t: 'num', ...metaPart(call) })),
    floor: native('floor', call => ({ t: 'num', ...metaPart(call) })),
    ceil: native('ceil', call => ({ t: 'num', ...metaPart(call) })),
    round: native('round', call => ({ t: 'num', ...metaPart(call) })),
    abs: native('abs', call => ({ t: 'num', ...metaPart(call) })),
    trunc: native('trunc', call => ({ t: 'num', ...metaPart(call) })),
    random: native('random', call => moment(call, 'Math.random()', NUM)),
  }),
  Number: number,
  parseInt: native('parseInt', call => toNumber(call.args[0] ?? UNDEF)),
  parseFloat: native('parseFloat', call => toNumber(call.args[0] ?? UNDEF)),
  isNaN: native('isNaN', () => BOOL),
  isFinite: native('isFinite', sizeless),
  String: native('String', passText, { raw: native('raw', passText) }),
  Boolean: native('Boolean', call => {
    const v = call.args[0] ?? UNDEF
    // Keeps what the truth of the value proves.
    return v.t === 'union' ? v : BOOL
  }),
  BigInt: native('BigInt', call => toNumber(call.args[0] ?? UNDEF)),
  Symbol: native('Symbol', () => UNK),
  Date: native(
    'Date',
    call =>
      call.args[0] && metaOf(call.args[0])?.inp
        ? {
            t: 'unk',
            m: { ...metaOf(call.args[0]), inp: metaOf(call.args[0])?.inp?.map(r => ({ ref: r.ref, num: true })) },
          }
        : call.args.length === 0
          ? moment(call, 'new Date()', UNK)
          : UNK,
    {
      now: native('now', call => moment(call, 'Date.now()', NUM)),
      parse: native('parse', () => NUM),
      UTC: native('UTC', () => NUM),
    },
  ),
  Map: collection('Map'),
  Set: collection('Set'),
  WeakMap: collection('WeakMap'),
  WeakSet: collection('WeakSet'),
  Error: errorClass('Error'),
  TypeError: errorClass('TypeError'),
  RangeError: errorClass('RangeError'),
  AggregateError: errorClass('AggregateError'),
  console: dom('console', {}),
  process: dom('process', {}),
  globalThis: dom('global', {}),
  global: dom('global', {}),
  window: dom('global', {}),
  Proxy: native('Proxy', call => dom('proxy', { target: call.args[0] ?? UNDEF, handler: call.args[1] ?? UNDEF })),
  Reflect: obj({
    get: native('get', call => call.rt.get(call.args[0] ?? UNDEF, String(literal(call.args[1] ?? UNDEF) ?? ''), call)),
    apply: native('apply', call =>
      call.rt.invoke(call.args[0] ?? UNDEF, call.args[2]?.t === 'arr' ? (call.args[2].items ?? []) : [], call),
    ),
    has: native('has', () => BOOL),
  }),
  structuredClone: native('structuredClone', call => call.args[0] ?? UNDEF),
  encodeURIComponent: native('encodeURIComponent', passText),
  decodeURIComponent: native('decodeURIComponent', passText),
  encodeURI: native('encodeURI', passText),
  atob: native('atob', passText),
  btoa: native('btoa', passText),
  setTimeout: native('setTimeout', call => {
    callUnknown(M(call), call.args, call)
    return dom('timer', {})
  }),
  queueMicrotask: native('queueMicrotask', call => callUnknown(M(call), call.args, call)),
  AbortSignal: obj({
    timeout: native('timeout', () => dom('signal', { timeout: true })),
    any: native('any', () => dom('signal', { timeout: true })),
  }),
  AbortController: native('AbortController', () => dom('abort-controller', {})),
  fetch: native('fetch', fetchCall),
  Response: responseClass('Response'),
  URL: native('URL', call =>
    dom(
      'url',
      { of: call.args[0] ?? UNDEF, file: call.args[1]?.t === 'str' && call.args[1].v?.startsWith('file:') === true },
      metaOf(call.args[0] ?? UNDEF),
    ),
  ),
  URLSearchParams: native('URLSearchParams', call => {
    const v = call.args[0]
    return v?.t === 'in' ? dom('search-params', { ref: v.ref }, metaOf(v)) : unk(metaOf(v ?? UNDEF))
  }),
  Buffer: native('Buffer', passMeta, {
    from: native('from', passText),
    concat: native('concat', passText),
    alloc: native('alloc', () => UNK),
  }),
  Uint8Array: native('Uint8Array', passMeta, { from: native('from', passMeta) }),
  ReadableStream: readableStream,
  TransformStream: transformStream,
  TextEncoder: native('TextEncoder', () => dom('text-coder', {})),
  TextDecoder: native('TextDecoder', () => dom('text-coder', {})),
  crypto: dom('crypto', {}),
}

export function globalValue(name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** Clients that are made when first used, or that change one method of another. */
function trapped(v: DomValue, p: string, rt: Runtime): Value {
  const { target, handler } = v.s as { target: Value; handler: Value }
  const at: Call = {
    args: [],
    self: v,
    file: (rt as Machine).frame.mod.file,
    line: 0,
    startLine: 0,
    endLine: 0,
    isNew: false,
    rt,
  }
  const trap = handler.t === 'obj' ? handler.p.get('get') : undefined
  const found = trap ? rt.invoke(trap, [target, str(p), v], at) : UNK
  return found.t === 'unk' || found.t === 'undef' ? rt.get(target, p, at) : found
}
defineDomain('proxy', {
  bound: true,
  get: (v, p, rt) => trapped(v, p, rt),
  call(v, args, call) {
    const { target, handler } = v.s as { target: Value; handler: Value }
    const trap = handler.t === 'obj' ? handler.p.get('apply') : undefined
    return trap
      ? call.rt.invoke(trap, [target, UNDEF, { t: 'arr', items: args, e: UNK }], call)
      : call.rt.invoke(target, args, call)
  },
})
defineDomain('console', { method: () => UNDEF, get: () => native('console', () => UNDEF) })
defineDomain('timer', {})
defineDomain('signal', {})
defineDomain('abort-controller', {
  get: (_v, p) => (p === 'signal' ? dom('signal', { timeout: true }) : undefined),
  method: () => UNDEF,
})
defineDomain('text-coder', {
  method: (_v, _n, args) => strOf(args.reduce((a, v) => joinMeta(a, metaOf(v)), metaOf(UNK))),
})
defineDomain('process', {
  get: (_v, p) => (p === 'env' ? dom('env', {}) : undefined),
  method: (_v, name, _args, call) => (name === 'exit' ? call.rt.never() : UNK),
})
defineDomain('env', {
  // What is built and deployed is the production build.
  get: (_v, p) => (p === 'NODE_ENV' ? str('production') : { t: 'str', m: { env: p } }),
  index: () => ({ t: 'str', m: { env: '*' } }),
})
defineDomain('global', {
  get: (_v, p) => globalValue(p) ?? UNK,
})
defineDomain('collection', {
  get: () => undefined,
  method(v, name, args, call) {
    const s = v.s as { e?: Value }
    if (name === 'add' || name === 'set') {
      const x = args[args.length - 1] ?? UNDEF
      s.e = s.e ? joinValues(s.e, x, () => call.rt.nextId()) : x
      return v
    }
    if (name === 'get') return s.e ? joinValues(s.e, UNDEF, () => call.rt.nextId()) : UNK
    if (name === 'has') {
      const facts = args[0] && !(s.e && metaOf(s.e)?.inp) ? validFacts(args[0]) : []
      return facts.length ? proof(call.rt as Machine, facts) : BOOL
    }
    if (name === 'values' || name === 'entries') return arr(s.e ?? UNK, s.e ? metaOf(s.e) : undefined)
    if (name === 'forEach' && args[0]) {
      call.rt.invokeInLoop(args[0], [s.e ?? UNK], call, 'data')
      return UNDEF
    }
    return UNK
  },
})
/** Comparing digests in constant time is how signatures and tokens are checked. */
defineDomain('crypto', {
  get: (v, p) => (p === 'subtle' ? v : undefined),
  method(_v, name, args, call) {
    const meta = args.reduce((a, x) => joinMeta(a, metaOf(x)), metaOf(UNK))
    if (name === 'timingSafeEqual' || name === 'verify')
      return makeUnion(call.rt as Machine, [
        { v: { t: 'bool', v: true }, f: ['secret'] },
        { v: { t: 'bool', v: false }, f: [] },
      ])
    if (name === 'randomUUID' || name === 'getRandomValues' || name === 'randomBytes') return STR
    return unk(meta)
  },
})
