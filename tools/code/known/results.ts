import { joinArms, type Machine } from '../eval/machine.ts'
import type { Call, DomValue, Value } from '../eval/values.ts'
import { appCode, dom, FALSE, metaOf, native, TRUE, UNDEF, unk } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/** A result type's value (neverthrow and its kin): either what went well, or what went wrong. */
interface ResultState {
  side: 'ok' | 'err'
  v: Value
}

function result(side: ResultState['side'], v: Value | undefined): Value {
  const held = v ?? UNDEF
  return dom('result', { side, v: held } satisfies ResultState, metaOf(held))
}

function settled(v: Value, call: Call): Value {
  return call.rt.settle(v, { file: call.file, line: call.startLine, rt: call.rt })
}

/** A promise that may be rejected: its value, or what the second argument makes of the exception. */
function fromPromise(call: Call): Value {
  const failed = (): Value => {
    const thrown = unk({ err: ['exception'] })
    return result('err', call.args[1] ? call.rt.invoke(call.args[1], [thrown], call) : thrown)
  }
  return joinArms(call.rt as Machine, [() => result('ok', settled(call.args[0] ?? UNDEF, call)), failed])
}

function fromThrowable(call: Call): Value {
  const [f, onError] = call.args
  return appCode('fromThrowable', inner =>
    fromPromise({ ...inner, args: [inner.rt.invoke(f ?? UNDEF, inner.args, inner), ...(onError ? [onError] : [])] }),
  )
}

const ok = native('ok', call => result('ok', call.args[0]))
const err = native('err', call => result('err', call.args[0]))
const promised = native('fromPromise', fromPromise)

for (const name of ['neverthrow', '@sapphire/result', 'ts-results', 'ts-results-es'])
  definePackage(name, {
    ok,
    okAsync: ok,
    Ok: ok,
    err,
    errAsync: err,
    Err: err,
    fromPromise: promised,
    fromSafePromise: promised,
    fromThrowable: native('fromThrowable', fromThrowable),
    fromAsyncThrowable: native('fromAsyncThrowable', fromThrowable),
    'ResultAsync.fromPromise': promised,
    'ResultAsync.fromSafePromise': promised,
    'ResultAsync.fromThrowable': native('fromThrowable', fromThrowable),
    'Result.fromThrowable': native('fromThrowable', fromThrowable),
    'Result.fromAsync': promised,
    'Result.from': promised,
  })

/** Which side a callback is for. */
const ON_OK = new Set([
  'map',
  'asyncMap',
  'andThen',
  'asyncAndThen',
  'andThrough',
  'asyncAndThrough',
  'andTee',
  'inspect',
])
const ON_ERR = new Set(['mapErr', 'orElse', 'orTee', 'inspectErr'])
/** What the callback returns is dropped. */
const ASIDE = new Set(['andThrough', 'asyncAndThrough', 'andTee', 'inspect', 'orTee', 'inspectErr'])

function step(v: DomValue, name: string, f: Value | undefined, call: Call): Value {
  const s = v.s as ResultState
  if (!f || s.side !== (ON_OK.has(name) ? 'ok' : 'err')) return v
  const next = settled(call.rt.invoke(f, [s.v], call), call)
  if (ASIDE.has(name)) return v
  if (/andThen|orElse/i.test(name)) return next
  return result(s.side, next)
}

defineDomain('result', {
  get(v, p) {
    const { side, v: held } = v.s as ResultState
    if (p === 'value' || p === 'val') return side === 'ok' || p === 'val' ? held : UNDEF
    if (p === 'error') return side === 'err' ? held : UNDEF
    if (p === 'ok') return side === 'ok' ? TRUE : FALSE
    return p === 'err' ? (side === 'err' ? TRUE : FALSE) : undefined
  },
  test(v, name) {
    const { side } = v.s as ResultState
    if (name === 'isOk') return side === 'ok' ? TRUE : FALSE
    return name === 'isErr' ? (side === 'err' ? TRUE : FALSE) : undefined
  },
  method(v, name, args, call) {
    const { side, v: held } = v.s as ResultState
    if (ON_OK.has(name) || ON_ERR.has(name)) return step(v, name, args[0], call)
    switch (name) {
      case 'match': {
        const f = args[side === 'ok' ? 0 : 1]
        return f ? settled(call.rt.invoke(f, [held], call), call) : UNDEF
      }
      case 'unwrapOr':
        return side === 'ok' ? held : (args[0] ?? UNDEF)
      case 'unwrapOrElse':
        return side === 'ok' ? held : args[0] ? call.rt.invoke(args[0], [held], call) : UNDEF
      case 'unwrap':
      case 'expect':
      case '_unsafeUnwrap':
        if (side === 'ok') return held
        call.rt.throws(held)
        return call.rt.never()
      case 'unwrapErr':
      case '_unsafeUnwrapErr':
        return held
    }
    return undefined
  },
})
