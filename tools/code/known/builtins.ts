import { proof } from '../eval/compare.ts'
import { enterError } from '../eval/errortext.ts'
import { collectionKind, elementOf } from '../eval/exec.ts'
import { settleValue } from '../eval/expr.ts'
import { callValue, invokeInLoop } from '../eval/invoke.ts'
import { joinArms, type Machine, makeUnion, validFacts } from '../eval/machine.ts'
import type { Call, LoopKind, Value } from '../eval/values.ts'
import { arr, BOOL, joinMeta, joinValues, literal, metaOf, NUM, strOf, UNDEF, UNK, unk } from '../eval/values.ts'
import { defineDomain } from './domains.ts'

const ITERATORS = new Set([
  'map',
  'forEach',
  'flatMap',
  'filter',
  'find',
  'findLast',
  'some',
  'every',
  'reduce',
  'reduceRight',
  'sort',
  'toSorted',
  'findIndex',
])
const STRING_METHODS = new Set(
  'trim trimStart trimEnd toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase replace replaceAll normalize padStart padEnd repeat toString toLocaleString charAt concat substring substr at toFixed toISOString join valueOf'.split(
    ' ',
  ),
)

/** Methods of arrays, strings, promises and of values that are not known. Undefined: not a built-in. */
export function builtinMethod(m: Machine, self: Value, name: string, args: Value[], call: Call): Value | undefined {
  if (name === 'then' || name === 'catch' || name === 'finally') return promiseMethod(m, self, name, args, call)
  if (ITERATORS.has(name)) return iterate(m, self, name, args, call)
  const first = args[0]
  switch (name) {
    case 'push':
    case 'unshift':
      if (self.t === 'arr') {
        const texts = name === 'push' ? textsOf(self.texts ? undefined : self.items, args) : undefined
        if (texts) self.texts = [...(self.texts ?? []), ...texts]
        else delete self.texts
        for (const a of args) {
          const x = enterError(a, call.file, call.line)
          self.e = self.e.t === 'undef' ? x : joinValues(self.e, x, () => ++m.ids)
        }
        if (self.items) m.mutations++
        delete self.items
        return NUM
      }
      return undefined
    case 'includes':
    case 'indexOf':
    case 'has': {
      if (!first) return BOOL
      if (self.t === 'arr' && self.items?.length === 0 && self.e.t === 'undef') return { t: 'bool', v: false }
      if (metaOf(self)?.inp?.some(i => i.ref === 'path') || (first && metaOf(first)?.inp?.some(i => i.ref === 'path')))
        return proof(m, ['path-checked'], ['path-other'])
      if (metaOf(self)?.inp) return BOOL
      // An id of a row that is among the caller's own ids.
      if (metaOf(self)?.auth && name !== 'indexOf') return proof(m, ['owner', ...validFacts(first)])
      // The caller's own address or id on a list of the app's: a role.
      const own = metaOf(first)
      if (own?.auth && !own.inp && name !== 'indexOf') return proof(m, ['role', 'auth'])
      const facts = validFacts(first)
      return facts.length && name !== 'indexOf' ? proof(m, facts) : BOOL
    }
    case 'slice': {
      if (self.t === 'in' || self.t === 'str') return strOf(metaOf(self))
      const [from, to] = [first && literal(first), args[1] && literal(args[1])]
      const chunked = m.frame.loops.some(l => l.kind === 'chunk')
      const bound =
        typeof to === 'number' && to > 0
          ? to - (typeof from === 'number' ? from : 0)
          : chunked && args[1]
            ? 500
            : undefined
      const items = self.t === 'arr' && from === 0 && typeof to === 'number' ? self.items?.slice(0, to) : undefined
      if (self.t !== 'arr' && bound === undefined) return unk(metaOf(self))
      const own = metaOf(self, 1)
      return {
        t: 'arr',
        e: elementOf(self),
        ...(items ? { items } : {}),
        ...(bound ? { bound } : {}),
        ...(own ? { m: own } : {}),
      }
    }
    case 'concat':
      if (self.t === 'arr')
        return arr(
          args.reduce((a, x) => joinValues(a, elementOf(x), () => ++m.ids), elementOf(self)),
          joinMeta(
            self.m,
            args.reduce((a, x) => joinMeta(a, metaOf(x)), self.m),
          ),
        )
      return strOf(args.reduce((a, x) => joinMeta(a, metaOf(x)), metaOf(self)))
    case 'flat':
    case 'reverse':
    case 'toReversed':
    case 'fill':
      return self.t === 'arr'
        ? name === 'fill'
          ? arr(first ?? UNDEF, self.m)
          : arr(name === 'flat' ? elementOf(elementOf(self)) : elementOf(self), self.m)
        : undefined
    case 'entries':
      return arr({ t: 'arr', items: [NUM, elementOf(self)], e: UNK }, metaOf(self))
    case 'values':
      return arr(elementOf(self), metaOf(self))
    case 'keys':
      return arr(unk(metaOf(self)), metaOf(self))
    case 'pop':
    case 'shift':
      return self.t === 'arr' ? elementOf(self) : undefined
    case 'split':
      return arr(strOf(metaOf(self)), metaOf(self))
    case 'startsWith':
    case 'endsWith':
      if (metaOf(self)?.auth && !metaOf(self)?.inp && name === 'endsWith') return proof(m, ['role', 'auth'])
      return metaOf(self)?.inp?.some(i => i.ref === 'path') ? proof(m, ['path-checked'], ['path-other']) : BOOL
    case 'match':
    case 'matchAll':
    case 'search': {
      const facts = first?.t === 'dom' && first.d === 'regexp' ? validFacts(self) : []
      return facts.length ? proof(m, facts) : unk(metaOf(self))
    }
    case 'localeCompare':
      return NUM
  }
  if (self.t === 'str' && STRING_METHODS.has(name))
    return self.v !== undefined &&
      args.length === 0 &&
      (name === 'trim' || name === 'toLowerCase' || name === 'toUpperCase')
      ? {
          ...self,
          v: name === 'trim' ? self.v.trim() : name === 'toLowerCase' ? self.v.toLowerCase() : self.v.toUpperCase(),
        }
      : strOf(metaOf(self))
  if ((self.t === 'in' || self.t === 'unk' || self.t === 'num') && STRING_METHODS.has(name)) {
    const own = metaOf(self)
    // What is put into the text counts as well.
    return strOf(args.reduce((a, x) => joinMeta(a, metaOf(x)), own))
  }
  if (self.t === 'arr' && name === 'join') return joined(self, args[0])
  return undefined
}

function iterate(m: Machine, self: Value, name: string, args: Value[], call: Call): Value | undefined {
  const callback = args[0]
  if (!callback || (callback.t !== 'fn' && callback.t !== 'native' && callback.t !== 'union' && callback.t !== 'ext')) {
    if (name === 'sort' || name === 'toSorted') return self
    return undefined
  }
  if (callback.t === 'ext') return undefined
  if (self.t === 'arr' && self.items?.length === 0 && self.e.t === 'undef') {
    if (name === 'reduce' || name === 'reduceRight') return args[1] ?? UNDEF
    return name === 'some'
      ? { t: 'bool', v: false }
      : name === 'every'
        ? { t: 'bool', v: true }
        : name === 'find' || name === 'forEach'
          ? UNDEF
          : self
  }
  const kind: LoopKind = collectionKind(self)
  const element = elementOf(self)
  if (name === 'sort' || name === 'toSorted') {
    invokeInLoop(m, callback, [element, element], call, kind)
    return self
  }
  if (name === 'reduce' || name === 'reduceRight') {
    const start = args[1] ?? element
    const result = invokeInLoop(m, callback, [start, element, NUM], call, kind)
    return joinValues(start, result, () => ++m.ids)
  }
  // Calls on short literal lists run once per element: each has its own table, column or client.
  const items =
    self.t === 'arr' && self.items && self.items.length <= 12 && (name === 'map' || name === 'forEach')
      ? self.items
      : undefined
  if (items?.some(i => i.t !== 'unk')) {
    const results = items.map((item, i) => invokeInLoop(m, callback, [item, { t: 'num', v: i }, self], call, kind))
    return name === 'forEach'
      ? UNDEF
      : {
          t: 'arr',
          items: results,
          e: results.length ? results.reduce((a, b) => joinValues(a, b, () => ++m.ids)) : UNDEF,
        }
  }
  const result = invokeInLoop(m, callback, [element, NUM, self], call, kind)
  switch (name) {
    case 'map':
      return { t: 'arr', e: result, ...metaPart(self) }
    case 'flatMap':
      return { t: 'arr', e: elementOf(result), ...metaPart(self) }
    case 'filter':
      return self.t === 'arr' ? { t: 'arr', e: element, ...metaPart(self) } : self
    case 'find':
    case 'findLast':
      // Finding one proves what the condition proves.
      return result.t === 'union' && result.alts.every(a => a.v.t === 'bool')
        ? makeUnion(m, [
            { v: element, f: result.alts.find(a => a.v.t === 'bool' && a.v.v)?.f ?? [] },
            { v: UNDEF, f: [] },
          ])
        : joinValues(element, UNDEF, () => ++m.ids)
    case 'some':
    case 'every':
      // What holds for one element holds for some; what holds for each, for all.
      return result.t === 'union' && result.alts.every(a => a.v.t === 'bool') ? { ...result, id: m.ids++ } : BOOL
    default:
      return name === 'forEach' ? UNDEF : NUM
  }
}

function metaPart(self: Value): { m?: NonNullable<ReturnType<typeof metaOf>> } {
  const meta = self.t === 'arr' ? joinMeta(self.m, metaOf(self.e, 1)) : metaOf(self)
  return meta ? { m: meta } : {}
}

function promiseMethod(m: Machine, self: Value, name: string, args: Value[], call: Call): Value {
  const run = (f: Value | undefined, given: Value[]): Value => {
    if (!f || f.t === 'undef' || f.t === 'null') return given[0] ?? UNDEF
    return settleValue(m, callValue(m, f, given, call), { file: call.file, line: call.line, rt: m })
  }
  const value = settleValue(m, self, { file: call.file, line: call.line, rt: m })
  if (name === 'finally') {
    run(args[0], [])
    return value
  }
  if (name === 'catch') return joinArms(m, [() => value, () => run(args[0], [UNK])])
  if (args[1]) return joinArms(m, [() => run(args[0], [value]), () => run(args[1], [UNK])])
  return run(args[0], [value])
}

defineDomain('regexp', {
  method(_v, name, args, call) {
    if (name !== 'test' && name !== 'exec') return undefined
    if (args[0] && metaOf(args[0])?.inp?.some(i => i.ref === 'path'))
      return proof(call.rt as Machine, ['path-checked'], ['path-other'])
    const facts = args[0] ? validFacts(args[0]) : []
    return facts.length ? proof(call.rt as Machine, facts) : BOOL
  },
})

defineDomain('element', {})
defineDomain('typeof', {})
defineDomain('quasis', {})

/** The texts of literal elements and of arguments, in order; undefined when one of them has none. */
function textsOf(items: readonly Value[] | undefined, args: readonly Value[]): string[] | undefined {
  const texts = [...(items ?? []), ...args].map(v => (v.t === 'str' ? v.v : undefined))
  return texts.every(text => text !== undefined) ? texts : undefined
}

/** Filter text assembled from parts. What was pushed on some paths only is in it too, so it is told only where it has gaps. */
function joined(self: Value & { t: 'arr' }, separator: Value | undefined): Value {
  const out = strOf(metaOf(self))
  const by = separator === undefined ? ',' : literal(separator)
  const texts = self.texts ?? textsOf(self.items, [])
  const text = typeof by === 'string' && texts && texts.length > 0 ? texts.join(by) : undefined
  return text?.includes('\u0001') && out.t === 'str' ? { ...out, v: text } : out
}
