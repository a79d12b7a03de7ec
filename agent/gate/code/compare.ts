import type { AppModel } from '../../../tools/code/model.ts'
import type { GateReason } from '../verdict.ts'
import { matcherReasons } from './matcher.ts'
import { type Access, accessesOf, targetOf, type Unit, unitsOf } from './units.ts'

/** What a fact in front of an access stands for, and the rule that its loss breaks. */
const GUARDS: Record<string, { rule: string; what: string }> = {
  auth: { rule: 'auth-check-lost', what: 'asked who is signed in before it' },
  role: { rule: 'role-check-lost', what: 'asked for a role before it' },
  owner: { rule: 'ownership-lost', what: 'made sure whose row it is before it' },
  secret: { rule: 'signature-check-lost', what: 'compared a secret or signature before it' },
  capability: { rule: 'ownership-lost', what: 'asked for an unguessable token before it' },
  limited: { rule: 'rate-limit-lost', what: 'asked a rate limiter before it' },
}

const WRITES = new Set(['insert', 'update', 'upsert', 'delete'])

/** Each thing that a caller can reach, before and after: guards, filters, roles, caches, answers. Pure. */
export function compareModels(before: AppModel, after: AppModel): GateReason[] {
  const then = unitsOf(before)
  const now = unitsOf(after)
  const out: GateReason[] = []
  const pairs = pairUnits(then, now)
  for (const [was, is] of pairs) {
    if (is === undefined) {
      if (was.kind === 'module' || was.kind === 'procedure') continue
      out.push({
        rule: 'behaviour-removed',
        object: was.name,
        evidence: `${was.kind} at ${was.file}:${was.line} → gone`,
        file: was.file,
        line: was.line,
      })
    } else out.push(...compareUnit(was, is))
  }
  const paired = new Set(pairs.map(([, is]) => is))
  for (const is of now) if (!paired.has(is)) out.push(...judgeNew(is, then))
  out.push(...compareRoutes(before, after), ...matcherReasons(before, after), ...compareLimiters(before, after))
  return unique(out)
}

function pairUnits(then: Unit[], now: Unit[]): [Unit, Unit | undefined][] {
  const left = [...now]
  const take = (test: (unit: Unit) => boolean) => {
    const index = left.findIndex(test)
    return index < 0 ? undefined : left.splice(index, 1)[0]
  }
  const pairs = then.map((was): [Unit, Unit | undefined] => [
    was,
    take(is => is.key === was.key && is.file === was.file) ?? take(is => is.key === was.key && is.kind !== 'module'),
  ])
  // A renamed action does what the old one did.
  return pairs.map(([was, is]) => [
    was,
    is ??
      (was.kind === 'action' || was.kind === 'procedure'
        ? take(one => one.kind === was.kind && shape(one) === shape(was) && shape(was) !== '')
        : undefined),
  ])
}

function shape(unit: Unit): string {
  return accessesOf(unit)
    .map(({ draft }) => `${draft.op} ${targetOf(draft)}`)
    .sort()
    .join(', ')
}

function compareUnit(was: Unit, is: Unit): GateReason[] {
  const out: GateReason[] = []
  const [from, to] = [accessesOf(was), accessesOf(is)]
  for (const access of to) {
    const same = from.filter(one => targetOf(one.draft) === targetOf(access.draft) && one.draft.op === access.draft.op)
    out.push(...(same.length > 0 ? compareAccess(is, same, access) : newAccess(is, from, access)))
  }
  out.push(
    ...lostWrites(was, is, from, to),
    ...compareSessions(was, is),
    ...compareAnswers(was, is),
    ...compareOutgoing(was, is),
    ...compareLimits(was, is),
  )
  return out
}

function placed(unit: Unit, { draft }: Access, rule: string, evidence: string): GateReason {
  return { rule, object: `${unit.name}: ${draft.op} ${targetOf(draft)}`, evidence, file: draft.file, line: draft.line }
}

function compareAccess(unit: Unit, same: Access[], access: Access): GateReason[] {
  const out: GateReason[] = []
  const { draft, facts } = access
  for (const [fact, { rule, what }] of Object.entries(GUARDS)) {
    if (facts.has(fact) || !same.every(one => one.facts.has(fact))) continue
    if (fact === 'owner' && isTied(access)) continue
    out.push(placed(unit, access, rule, `${what} → does not`))
  }
  if (draft.role === 'service' && !same.some(one => one.draft.role === 'service'))
    out.push(
      placed(
        unit,
        access,
        'service-role',
        `${same[0]!.draft.role} client → service role, which row level security does not bind`,
      ),
    )
  const alternatives = draft.raw?.text ?? ''
  if (same.every(isTiedByColumn) && !isTiedByColumn(access) && isTied(access) && alternatives.includes(','))
    out.push(
      placed(
        unit,
        access,
        'ownership-lost',
        `tied to who is signed in → that or something else (${printable(alternatives)})`,
      ),
    )
  if (same.every(isTied) && !isTied(access))
    out.push(placed(unit, access, 'ownership-lost', 'tied to who is signed in → any row'))
  for (const column of commonFilters(same)) {
    if (filtersOn(access, column)) continue
    out.push(placed(unit, access, 'filter-lost', `filter on ${column} → none`))
  }
  const raw = rawInputs(access)
  const known = new Set(same.flatMap(rawInputs))
  const fresh = raw.filter(
    ref =>
      !known.has(ref) &&
      !known.has('*') &&
      ![...known].some(one => ref.startsWith(`${one}.`) || one.startsWith(`${ref}.`)),
  )
  if (
    fresh.length > 0 &&
    same.some(one => [...one.facts].some(fact => fact.startsWith('valid:')) || rawInputs(one).length === 0)
  )
    out.push(placed(unit, access, 'validation-lost', `checked input → ${fresh.join(', ')} goes in unchecked`))
  if (draft.op === 'select' && cuts(unit, same, access))
    out.push(
      placed(unit, access, 'results-cut', `all rows → the first ${draft.limit?.value ?? ''}, where all are promised`),
    )
  if (draft.op === 'select' && widens(same, draft.columns))
    out.push(placed(unit, access, 'columns-widened', `${same[0]!.draft.columns} → ${draft.columns ?? '*'}`))
  return out
}

/** The access names rows by who is signed in, or writes them into the row. */
function isTied({ draft }: Access): boolean {
  return (
    draft.filters.some(filter => filter.meta?.auth) ||
    draft.raw?.meta?.auth === true ||
    ((draft.op === 'insert' || draft.op === 'upsert' || draft.op === 'rpc') && draft.payload?.auth === true)
  )
}

function isTiedByColumn({ draft }: Access): boolean {
  return draft.filters.some(filter => filter.meta?.auth && filter.column !== null)
}

/** Text of a query, with a sign for what is not known of it. */
function printable(text: string): string {
  return text.replaceAll('\u0001', '…').slice(0, 80)
}

/** Columns that every one of the accesses filters on. */
function commonFilters(same: Access[]): string[] {
  const [first] = same
  const columns = first!.draft.filters.flatMap(filter => filter.column ?? [])
  return [...new Set(columns)].filter(column => same.every(one => filtersOn(one, column)))
}

function filtersOn({ draft }: Access, column: string): boolean {
  return (
    draft.filters.some(filter => filter.column === column || (filter.column === null && filter.op !== 'or')) ||
    (draft.raw?.text.includes(column) ?? false)
  )
}

function rawInputs({ draft }: Access): string[] {
  const metas = [
    draft.payload,
    draft.raw?.meta,
    draft.limit?.meta,
    draft.offset?.meta,
    ...draft.filters.map(filter => filter.meta),
  ]
  return [...new Set(metas.flatMap(meta => (meta?.inp ?? []).map(({ ref }) => ref)))]
}

/** Names of things that promise everything. */
const WHOLE = /export|download|csv|backup|report|total|sitemap|invoice/i

function cuts(unit: Unit, same: Access[], { draft }: Access): boolean {
  const bounded = (one: Access['draft']) => one.limit !== undefined || one.range || one.single !== undefined || one.head
  return (
    draft.limit?.value !== undefined &&
    !draft.paged &&
    !same.some(one => bounded(one.draft)) &&
    WHOLE.test(`${unit.key} ${unit.file}`)
  )
}

const PRIVATE_COLUMN =
  /e-?mail|phone|password|hash|token|secret|address|birth|ssn|salary|iban|card|stripe|role|metadata|ip\b|location|last_sign/i

function widens(same: Access[], columns: string | null): boolean {
  if (same.some(one => one.draft.columns === null || one.draft.columns.includes('*'))) return false
  const known = new Set(same.flatMap(one => names(one.draft.columns ?? '')))
  const now = names(columns ?? '*')
  return now.some(name => !known.has(name) && (name === '*' || PRIVATE_COLUMN.test(name)))
}

const names = (columns: string) => columns.split(/[\s,()]+/).filter(Boolean)

function newAccess(unit: Unit, from: Access[], access: Access): GateReason[] {
  const out: GateReason[] = []
  if (access.draft.role === 'service' && !from.some(one => one.draft.role === 'service'))
    out.push(placed(unit, access, 'service-role', 'no access with the service role → one'))
  if (from.length === 0) return out
  for (const fact of ['auth', 'role', 'secret'] as const) {
    const { rule } = GUARDS[fact]!
    if (from.every(one => one.facts.has(fact)) && !access.facts.has(fact))
      out.push(placed(unit, access, rule, `everything here came after that check → a new access before or without it`))
  }
  if (access.draft.op === 'delete')
    out.push(placed(unit, access, 'behaviour-added', 'nothing deleted here → rows are deleted'))
  return out
}

function lostWrites(was: Unit, is: Unit, from: Access[], to: Access[]): GateReason[] {
  const out: GateReason[] = []
  const seen = new Set<string>()
  for (const access of from) {
    const { draft } = access
    const target = targetOf(draft)
    if (draft.client !== 'supabase-js' && draft.table === null) continue
    if (!WRITES.has(draft.op) || seen.has(target)) continue
    seen.add(target)
    if (to.some(one => targetOf(one.draft) === target && WRITES.has(one.draft.op))) continue
    if (to.some(one => one.draft.op === 'rpc' && !from.some(old => targetOf(old.draft) === targetOf(one.draft))))
      continue
    out.push({
      rule: 'behaviour-removed',
      object: `${was.name}: ${draft.op} ${target}`,
      evidence: `${draft.file}:${draft.line} → no longer written`,
      file: is.file,
      line: is.line,
    })
  }
  return out
}

function compareSessions(was: Unit, is: Unit): GateReason[] {
  const apis = (unit: Unit) =>
    new Set(unit.effects.flatMap(({ effect, client }) => (effect.k === 'session' && !client ? [effect.api] : [])))
  const [from, to] = [apis(was), apis(is)]
  const verified = (set: Set<string>) => set.has('getUser') || set.has('getClaims') || set.has('other')
  if (verified(from) && !verified(to) && to.has('getSession'))
    return [
      {
        rule: 'session-not-verified',
        object: is.name,
        evidence: `${[...from].join(', ')} → getSession, which believes the cookie`,
        file: is.file,
        line: is.line,
      },
    ]
  return []
}

function isShared(cacheControl: string | undefined): boolean {
  return (
    cacheControl !== undefined &&
    /\bpublic\b|s-maxage|stale-while-revalidate/i.test(cacheControl) &&
    !/\bprivate\b|no-store/i.test(cacheControl)
  )
}

/** Whether what the unit answers depends on who asks. */
function isPersonal(unit: Unit): boolean {
  return unit.effects.some(
    ({ effect, facts, client }) =>
      !client &&
      (effect.k === 'session' ||
        facts.has('auth') ||
        facts.has('session') ||
        (effect.k === 'access' &&
          (effect.draft.role === 'user' || effect.draft.filters.some(filter => filter.meta?.auth)))),
  )
}

/** Nothing is known of where its answer comes from. */
function isUnseen(unit: Unit): boolean {
  return !unit.effects.some(({ effect }) => effect.k === 'access' || effect.k === 'external')
}

function compareAnswers(was: Unit, is: Unit): GateReason[] {
  const out: GateReason[] = []
  const shared = (unit: Unit) =>
    unit.effects.filter(({ effect }) => effect.k === 'respond' && isShared(effect.cacheControl))
  const [first] = shared(is)
  if (first && shared(was).length === 0 && (isPersonal(is) || isUnseen(is)))
    out.push({
      rule: 'user-data-in-shared-cache',
      object: is.name,
      evidence: 'answered each caller → kept for everybody by Cache-Control',
      file: first.effect.file,
      line: first.effect.line,
    })
  const cached = (unit: Unit) =>
    unit.effects.filter(
      ({ effect, cache }) =>
        effect.k === 'access' &&
        (cache?.kind === 'unstable_cache' || cache?.kind === 'use-cache') &&
        !cache.keyed &&
        (effect.draft.role === 'user' ||
          effect.draft.role === 'service' ||
          effect.draft.filters.some(filter => filter.meta?.auth)),
    )
  for (const { effect } of cached(is))
    if (
      effect.k === 'access' &&
      !cached(was).some(one => one.effect.k === 'access' && targetOf(one.effect.draft) === targetOf(effect.draft)) &&
      (effect.draft.filters.some(filter => filter.meta?.auth) || effect.draft.role === 'user')
    )
      out.push({
        rule: 'user-data-in-shared-cache',
        object: `${is.name}: ${targetOf(effect.draft)}`,
        evidence: 'read for each caller → kept in a cache that all callers share',
        file: effect.file,
        line: effect.line,
      })
  return out
}

function compareOutgoing(was: Unit, is: Unit): GateReason[] {
  const hosts = (unit: Unit) =>
    unit.effects.flatMap(({ effect, client }) => (effect.k === 'external' && !effect.own && !client ? [effect] : []))
  const known = new Set(hosts(was).map(effect => effect.host ?? effect.what))
  return hosts(is).flatMap(effect =>
    known.has(effect.host ?? effect.what) ||
    (effect.host === undefined && effect.kind === 'http' && hosts(was).length > 0)
      ? []
      : [
          {
            rule: 'data-sent-out',
            object: `${is.name}: ${effect.what}`,
            evidence: `no request there → ${effect.method} ${effect.host ?? effect.what}`,
            file: effect.file,
            line: effect.line,
          },
        ],
  )
}

function compareLimits(was: Unit, is: Unit): GateReason[] {
  const limits = (unit: Unit) => unit.effects.flatMap(({ effect }) => (effect.k === 'limit' ? [effect] : []))
  const [from, to] = [limits(was), limits(is)]
  if (from.length > 0 && to.length === 0)
    return [
      {
        rule: 'rate-limit-lost',
        object: is.name,
        evidence: `${from[0]!.what} → no limiter is asked`,
        file: is.file,
        line: is.line,
      },
    ]
  const open = to.find(effect => effect.failOpen)
  if (open && !from.some(effect => effect.failOpen))
    return [
      {
        rule: 'rate-limit-open',
        object: is.name,
        evidence: `refuses when it cannot tell → lets through (${open.failOpen})`,
        file: open.file,
        line: open.line,
      },
    ]
  return []
}

/** A new thing to call must not offer what others guard. */
function judgeNew(is: Unit, then: Unit[]): GateReason[] {
  if (is.kind === 'module' || is.kind === 'page' || is.kind === 'proxy') return []
  const out: GateReason[] = []
  for (const access of accessesOf(is)) {
    if (access.draft.role === 'service')
      out.push(placed(is, access, 'service-role', 'nothing → a new entry point that uses the service role'))
    const same = then
      .flatMap(accessesOf)
      .filter(one => targetOf(one.draft) === targetOf(access.draft) && one.draft.op === access.draft.op)
    const guarded = same.length > 0 && same.every(one => one.facts.has('auth'))
    if (
      (WRITES.has(access.draft.op) || guarded) &&
      !access.facts.has('auth') &&
      !access.facts.has('secret') &&
      !access.facts.has('role')
    )
      out.push(
        placed(
          is,
          access,
          'exposed-action',
          'nothing → a new entry point that anybody can call, without asking who it is',
        ),
      )
  }
  return out
}

function compareRoutes(before: AppModel, after: AppModel): GateReason[] {
  const out: GateReason[] = []
  for (const was of before.routes) {
    const is = after.routes.find(route => route.path === was.path && route.kind === was.kind && route.app === was.app)
    if (!is) {
      out.push({
        rule: 'behaviour-removed',
        object: `route ${was.path}`,
        evidence: `${was.file} → gone`,
        file: was.file,
        line: 1,
      })
      continue
    }
    const lost = was.chain.find(link => link.guarded && !is.chain.some(other => other.guarded))
    if (lost)
      out.push({
        rule: 'auth-check-lost',
        object: `page ${was.path}`,
        evidence: `${lost.file} lets only signed-in people in → nothing does`,
        file: is.file,
        line: is.line,
      })
    const personal = was.effects.some(
      ({ effect, facts, client }) =>
        !client &&
        (effect.k === 'session' || facts.has('auth') || (effect.k === 'access' && effect.draft.role === 'user')),
    )
    const kept = ['static', 'isr'].includes(is.rendering.mode) && !['static', 'isr'].includes(was.rendering.mode)
    if (
      personal &&
      kept &&
      is.effects.some(
        ({ effect, client }) =>
          !client && (effect.k === 'session' || (effect.k === 'access' && effect.draft.role === 'user')),
      )
    )
      out.push({
        rule: 'user-data-in-shared-cache',
        object: `page ${was.path}`,
        evidence: `rendered for each caller (${was.rendering.mode}) → rendered once for all (${is.rendering.mode})`,
        file: is.file,
        line: is.line,
      })
  }
  return out
}

function compareLimiters(before: AppModel, after: AppModel): GateReason[] {
  const known = new Set(before.openLimiters.map(({ name, when }) => `${name} ${when}`))
  return after.openLimiters
    .filter(({ name, when }) => !known.has(`${name} ${when}`) && before.openLimiters.length >= 0)
    .filter(({ name }) => isOld(before, name))
    .map(({ name, when, file, line }) => ({
      rule: 'rate-limit-open',
      object: `${name}()`,
      evidence: `→ lets callers through ${when === 'error' ? 'when it fails' : 'when it is not configured'}`,
      file,
      line,
    }))
}

/** A new limiter that fails open still limits more than none did; an old one must not begin to. */
function isOld(before: AppModel, name: string): boolean {
  return (
    [...before.endpoints.flatMap(e => e.effects), ...before.unreached].some(({ effect }) => effect.k === 'limit') ||
    before.openLimiters.some(limiter => limiter.name === name)
  )
}

function unique(reasons: GateReason[]): GateReason[] {
  return [
    ...new Map(
      reasons.map(reason => [`${reason.rule}|${reason.object}|${reason.file}:${reason.line}`, reason]),
    ).values(),
  ]
}
