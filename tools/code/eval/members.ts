import { domains } from '../known/domains.ts'
import { knownExport, knownMember } from '../known/registry.ts'
import { invokeMethod } from './invoke.ts'
import { alternativesOf, type Machine, makeUnion, mapUnion } from './machine.ts'
import { exportedValue } from './modules.ts'
import type { Meta, Value } from './values.ts'
import { joinMeta, joinValues, keyOf, literal, metaOf, native, UNDEF, UNK, unk } from './values.ts'

const ERROR_TEXT = new Set(['message', 'details', 'hint', 'stack', 'error_description', 'toString', 'cause'])

/** Columns and claims that say what a person may do: true for the caller's own row proves a role. */
const ROLE_FLAG = /^(is_?(admin|super|staff|moderator|owner|editor|manager)|admin$|can_|has_?(access|permission|role))/i

function roleFlag(m: Machine, meta: Meta): Value {
  return makeUnion(m, [
    { v: { t: 'unk', m: meta }, f: ['role', 'auth'], k: 't' },
    { v: { t: 'unk', m: meta }, f: [], k: 'f' },
  ])
}

/** Property access. `line` is 0 when it comes from destructuring. */
export function getMember(m: Machine, o: Value, p: string, line = 0): Value {
  switch (o.t) {
    case 'union': {
      // Reading a property of null throws: the path goes on with the other alternatives only.
      return mapUnion(o, x => (x.t === 'null' || x.t === 'undef' ? UNDEF : getMember(m, x, p, line)))
    }
    case 'obj': {
      const own = o.p.get(p)
      // What was thrown on with the text in it counts where it is read again.
      if (own) return withErrorText(m, own, p, line, o.cls !== undefined)
      if (o.m?.auth && ROLE_FLAG.test(p)) return roleFlag(m, o.m)
      // An error has the properties that it has.
      if (o.cls && !o.open) return UNDEF
      if (o.open || o.m) return withErrorText(m, unk(o.m), p, line)
      return UNDEF
    }
    case 'arr':
      return p === 'length' ? (o.items ? { t: 'num', v: o.items.length } : { t: 'num' }) : UNK
    case 'in':
      return { t: 'in', ref: `${o.ref}.${p}` }
    case 'str':
      return p === 'length' ? { t: 'num', ...(o.m ? { m: suffixed(o.m) } : {}) } : UNK
    case 'unk':
    case 'num': {
      if (o.t === 'unk' && o.m?.auth && ROLE_FLAG.test(p)) return roleFlag(m, o.m)
      if (o.t === 'unk' && o.held && p === 'value') return o.held
      const meta = p === 'length' && o.m ? suffixed(o.m) : o.m
      return o.t === 'unk' && o.wrapped
        ? { t: 'unk', wrapped: o.wrapped, ...(meta ? { m: meta } : {}) }
        : withErrorText(m, unk(meta), p, line)
    }
    case 'dom': {
      const handler = domains[o.d]
      // Getters that say something about the request say where it is read.
      const outer = m.line
      m.line = line
      const v = handler?.get?.(o, p, m)
      m.line = outer
      if (v) return withErrorText(m, v, p, line)
      // `const { from } = client`, `client.rpc.bind(client)`: the method with its receiver.
      if (handler?.bound) return native(p, call => invokeMethod(m, o, p, call.args, { ...call, self: o }))
      return withErrorText(m, unk(o.m), p, line)
    }
    case 'ext': {
      const path = `${o.path}.${p}`
      return knownExport(o.pkg, path, m) ?? { t: 'ext', pkg: o.pkg, path }
    }
    case 'ns':
      return exportedValue(m, o.mod, p, true)
    case 'native':
      return o.props?.[p] ?? knownMember(o, p) ?? boundNative(o, p)
    case 'fn':
      if (p === 'bind') return native('bind', call => ({ ...o, bound: [...(o.bound ?? []), ...call.args.slice(1)] }))
      if (p === 'call') return native('call', call => call.rt.invoke(o, call.args.slice(1), call))
      if (p === 'apply') return native('apply', call => call.rt.invoke(o, [], call))
      return UNDEF
    default:
      return UNDEF
  }
}

function boundNative(o: Extract<Value, { t: 'native' }>, p: string): Value {
  if (p === 'bind')
    return native('bind', call => ({
      ...o,
      call: inner => o.call({ ...inner, args: [...call.args.slice(1), ...inner.args] }),
    }))
  if (p === 'call') return native('call', call => o.call({ ...call, args: call.args.slice(1) }))
  if (p === 'apply')
    return native('apply', call =>
      o.call({ ...call, args: call.args[1]?.t === 'arr' ? (call.args[1].items ?? []) : [] }),
    )
  return UNK
}

function suffixed(m: Meta): Meta {
  return m.inp ? { ...m, inp: m.inp.map(i => ({ ref: `${i.ref}.length` })) } : m
}

/** Remembers where the text of an error was read: that line is what a person edits. */
function withErrorText(m: Machine, v: Value, p: string, line: number, again = false): Value {
  if (line === 0 || !ERROR_TEXT.has(p)) return v
  if (v.t !== 'unk' && v.t !== 'str') return v
  if (!v.m?.err || (v.m.errAt && !again)) return v
  return { ...v, m: { ...v.m, errAt: { file: m.frame.mod.file, line } } }
}

export function getIndex(m: Machine, o: Value, key: Value): Value {
  const k = literal(key)
  if (o.t === 'arr') {
    if (typeof k === 'number' && o.items) return o.items[k] ?? UNDEF
    return o.items?.length ? o.items.reduce((a, b) => joinValues(a, b, () => ++m.ids)) : o.e
  }
  if (o.t === 'union') return mapUnion(o, x => (x.t === 'null' || x.t === 'undef' ? UNDEF : getIndex(m, x, key)))
  if (typeof k === 'string') return getMember(m, o, k, 0)
  if (o.t === 'obj') {
    // Looked up by something unknown: any of the values. A constant table maps input to known values (an enumeration).
    const all = [...o.p.values()]
    if (all.length && !o.open) return all.reduce((a, b) => joinValues(a, b, () => ++m.ids))
    return unk(metaOf(o))
  }
  if (o.t === 'in') return { t: 'in', ref: typeof k === 'number' ? `${o.ref}.${k}` : o.ref }
  if (o.t === 'dom') {
    const handler = domains[o.d]
    const v = handler?.index?.(o, key, m)
    if (v) return v
  }
  if (o.t === 'ext' || o.t === 'ns') return UNK
  return unk(metaOf(o))
}

/** Property assignment. Objects are shared, so inside branches and loops the old value stays possible. */
export function setMember(m: Machine, o: Value, p: string | undefined, v: Value): void {
  for (const x of alternativesOf(m, o)) {
    if (x.t === 'obj') {
      if (p === undefined) {
        x.open = true
        x.m = joinMeta(x.m, metaOf(v)) ?? {}
        continue
      }
      const old = x.p.get(p)
      if (old && old.t !== 'unk' && old.t !== 'dom' && keyOf(old, 1) !== keyOf(v, 1)) m.mutations++
      const weak = x.at !== m.branch
      // A property that only some paths add: whether it is there is not known.
      const before = old ?? (x.open ? unk(x.m) : UNDEF)
      if (weak && !old) x.open = true
      x.p.set(p, weak ? joinValues(before, v, () => ++m.ids) : v)
    } else if (x.t === 'arr') {
      x.e = joinValues(x.e, v, () => ++m.ids)
      delete x.items
    }
  }
}

export { UNK }
