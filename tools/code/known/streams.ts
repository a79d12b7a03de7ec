import { callValue, runAfter } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import type { Call, DomValue, Value } from '../eval/values.ts'
import { dom, joinMeta, metaOf, native, obj, UNDEF, UNK } from '../eval/values.ts'
import { defineDomain } from './domains.ts'

/** What is written into a stream is what its reader gets: all ends of one stream share this. */
interface StreamState {
  readable: DomValue
}

function write(state: StreamState, args: readonly Value[]): void {
  const meta = args[0] && metaOf(args[0], 6)
  if (meta) state.readable.m = joinMeta(state.readable.m, meta) ?? {}
}

function newStream(): StreamState {
  const readable = dom('stream', {})
  return { readable }
}

/** The source's functions run while somebody reads. */
export const readableStream = native(
  'ReadableStream',
  (call: Call) => {
    const state = newStream()
    const source = call.args[0]
    const controller = dom('stream-writer', state)
    if (source?.t === 'obj')
      for (const name of ['start', 'pull']) {
        const f = source.p.get(name)
        if (f) callValue(call.rt as Machine, f, [controller], { ...call, later: true })
      }
    return state.readable
  },
  { from: native('from', call => call.args[0] ?? UNK) },
)

export const transformStream = native('TransformStream', (call: Call) => {
  const state = newStream()
  const transformer = call.args[0]
  const f = transformer?.t === 'obj' ? transformer.p.get('transform') : undefined
  if (f) runAfter(call.rt as Machine, () => callValue(call.rt as Machine, f, [UNK, dom('stream-writer', state)], call))
  return obj({ readable: state.readable, writable: dom('stream-writer', state) })
})

defineDomain('stream', {
  get: () => undefined,
  method: v => v,
})

defineDomain('stream-writer', {
  get: () => undefined,
  method(v, name, args) {
    if (name === 'getWriter') return v
    if (name === 'enqueue' || name === 'write') write(v.s as StreamState, args)
    return UNDEF
  },
})
