import type { AppModel, ReachedEffect } from '../../../tools/code/model.ts'
import type { GateReason } from '../verdict.ts'
import { type Feature, type FileFeatures, featuresOf } from './features.ts'
import type { Read } from './text-rules.ts'

interface Loss {
  rule: string
  what: string
  /** Kinds that do the same in another shape. */
  alike: string[]
  /** Fact of the app model that proves the same. */
  fact: (fact: string) => boolean
}

const is = (name: string) => (fact: string) => fact === name

/** Kinds of which no function may have fewer without an explanation. */
const LOSSES: Record<string, Loss> = {
  'guard-auth': {
    rule: 'auth-check-lost',
    what: 'a check of who is signed in',
    alike: ['guard-auth', 'guard-role', 'guard-call'],
    fact: is('auth'),
  },
  'guard-call': {
    rule: 'auth-check-lost',
    what: 'a call that guards',
    alike: ['guard-call', 'guard-auth', 'guard-role'],
    fact: is('auth'),
  },
  'guard-await': {
    rule: 'auth-check-lost',
    what: 'a guard that is waited for',
    alike: ['guard-await', 'guard-auth', 'guard-role'],
    fact: is('auth'),
  },
  'guard-strong': {
    rule: 'role-check-lost',
    what: 'a call that asks for a role',
    alike: ['guard-strong', 'guard-role'],
    fact: is('role'),
  },
  session: {
    rule: 'auth-check-lost',
    what: 'a question who is signed in',
    alike: ['session', 'guard-call', 'guard-auth'],
    fact: is('auth'),
  },
  'guard-role': {
    rule: 'role-check-lost',
    what: 'a check of role or permission',
    alike: ['guard-role', 'guard-call'],
    fact: is('role'),
  },
  'guard-owner': { rule: 'ownership-lost', what: 'a check of whose it is', alike: ['guard-owner'], fact: is('owner') },
  'guard-secret': {
    rule: 'signature-check-lost',
    what: 'a check of a secret, token or origin',
    alike: ['guard-secret', 'verify'],
    fact: is('secret'),
  },
  verify: { rule: 'signature-check-lost', what: 'a signature that is verified', alike: ['verify'], fact: is('secret') },
  'guard-limit': {
    rule: 'rate-limit-lost',
    what: 'a check of a rate limit',
    alike: ['guard-limit'],
    fact: is('limited'),
  },
  limit: { rule: 'rate-limit-lost', what: 'a rate limiter that is asked', alike: ['limit'], fact: is('limited') },
  'guard-input': {
    rule: 'validation-lost',
    what: 'a check that refuses',
    alike: ['guard-input', 'validate'],
    fact: () => false,
  },
  validate: {
    rule: 'validation-lost',
    what: 'input that is parsed by a schema',
    alike: ['validate'],
    fact: fact => fact.startsWith('valid:'),
  },
  sanitize: { rule: 'validation-lost', what: 'text that is made safe', alike: ['sanitize'], fact: () => false },
}

interface Fn {
  file: string
  name: string
  features: Feature[]
}

/** Guards that a function had and has no more, unless a helper that it now calls has them or the app model proves the same. */
export async function lossReasons(
  reads: readonly Read[],
  after: ReadonlyMap<string, string>,
  models: { before: AppModel; after: AppModel } | undefined,
): Promise<GateReason[]> {
  const then = reads.flatMap(read => functionsOf(read.file.path, read.was))
  const now = reads.flatMap(read => functionsOf(read.file.path, read.now))
  const out: GateReason[] = []
  const fresh = now.filter(fn => !then.some(old => old.name === fn.name && old.file === fn.file))
  for (const was of then) {
    const same =
      now.find(fn => fn.file === was.file && fn.name === was.name) ??
      fresh.find(fn => fn.name === was.name) ??
      renamed(was, fresh)
    for (const [kind, loss] of Object.entries(LOSSES)) {
      const [from, to] = [of(was, [kind]), same ? of(same, [kind]) : []]
      if (to.length >= from.length) continue
      // Nothing of it is left: told as behaviour that is gone, where it was reachable.
      if (same === undefined && !models) continue
      if (same === undefined && !fresh.some(fn => of(fn, loss.alike).length > 0) && isUnused(was, after)) continue
      if (
        same &&
        of(same, loss.alike).length >= of(was, loss.alike).length &&
        of(same, loss.alike).length > 0 &&
        kind !== 'guard-auth'
      )
        continue
      if (same && (await explained(was, same, loss, fresh, after))) continue
      // Asked twice and now once, or asked by what is called: everything it did still stands behind the question.
      const again =
        kind === 'session' ||
        kind === 'validate' ||
        from.some(one => to.some(other => other.text === one.text) && count(from, one.text) > count(to, one.text))
      if (again && models && isProven(models, was, same ?? was, loss, kind)) continue
      const gone = from.find(one => !to.some(other => other.text === one.text)) ?? from[0]!
      out.push({
        rule: loss.rule,
        object: `${was.file} ${was.name}`,
        evidence: `${loss.what}: ${gone.text} → gone`,
        file: was.file,
        line: gone.line,
      })
    }
  }
  return out
}

const count = (features: Feature[], text: string) => features.filter(one => one.text === text).length
const of = (fn: Fn, kinds: string[]) => fn.features.filter(feature => kinds.includes(feature.kind))

function functionsOf(file: string, { features }: FileFeatures): Fn[] {
  const byName = new Map<string, Feature[]>()
  for (const feature of features) byName.set(feature.fn ?? '', [...(byName.get(feature.fn ?? '') ?? []), feature])
  return [...byName].map(([name, own]) => ({ file, name, features: own }))
}

/** A function under another name that asks the same questions. */
function renamed(was: Fn, fresh: Fn[]): Fn | undefined {
  const shape = (fn: Fn) =>
    of(fn, Object.keys(LOSSES))
      .map(one => `${one.kind} ${one.text}`)
      .sort()
      .join('\n')
  const wanted = shape(was)
  return wanted === '' ? undefined : fresh.find(fn => shape(fn) === wanted)
}

function isUnused(was: Fn, after: ReadonlyMap<string, string>): boolean {
  if (/^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|default|middleware|proxy|\(module\))$/.test(was.name)) return false
  return ![...after].some(
    ([path, text]) => /\.[cm]?[jt]sx?$/.test(path) && new RegExp(`\\b${was.name.replace(/\$/g, '\\$')}\\b`).test(text),
  )
}

/** A helper that the function did not call before, and that asks the same question. */
async function explained(
  was: Fn,
  same: Fn,
  loss: Loss,
  fresh: Fn[],
  after: ReadonlyMap<string, string>,
): Promise<boolean> {
  const calls = (fn: Fn) => new Set(of(fn, ['call']).map(one => one.text.split('.').at(-1)!))
  const known = calls(was)
  for (const name of calls(same)) {
    if (known.has(name)) continue
    if (fresh.some(fn => fn.name === name && of(fn, loss.alike).length > 0)) return true
    for (const fn of await definitions(name, after)) if (of(fn, loss.alike).length > 0) return true
  }
  return false
}

async function definitions(name: string, after: ReadonlyMap<string, string>): Promise<Fn[]> {
  if (!/^[A-Za-z_$][\w$]{2,}$/.test(name)) return []
  const pattern = new RegExp(`\\b(function|const|let)\\s+${name.replace(/\$/g, '\\$')}\\b`)
  const out: Fn[] = []
  for (const [path, text] of after) {
    if (!/\.[cm]?[jt]sx?$/.test(path) || !pattern.test(text)) continue
    out.push(...functionsOf(path, await featuresOf(path, text)).filter(fn => fn.name === name))
  }
  return out
}

/** Everything that the function did came after that question, and still does. */
function isProven(models: { before: AppModel; after: AppModel }, was: Fn, same: Fn, loss: Loss, kind: string): boolean {
  // A check may stop what the model does not follow; one of several of its kind may go when all effects still stand behind one.
  if (kind === 'guard-input') return false
  const effects = (model: AppModel, fn: Fn) => {
    const lines = fn.features.map(feature => feature.line)
    const [first, last] = [Math.min(...lines), Math.max(...lines)]
    return allEffects(model).filter(
      ({ effect, origin, client }) =>
        !client &&
        (effect.k === 'access' || effect.k === 'external') &&
        ((effect.file === fn.file && effect.line >= first && effect.line <= last) ||
          (origin.file === fn.file && origin.line >= first && origin.line <= last)),
    )
  }
  const [from, to] = [effects(models.before, was), effects(models.after, same)]
  const proven = (all: ReachedEffect[]) => all.length > 0 && all.every(({ facts }) => [...facts].some(loss.fact))
  return proven(from) && proven(to)
}

function allEffects(model: AppModel): ReachedEffect[] {
  return [
    ...model.routes.flatMap(route => route.effects),
    ...model.endpoints.flatMap(e => e.effects),
    ...model.unreached,
  ]
}
