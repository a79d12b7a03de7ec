import type { GateReason } from '../verdict.ts'
import type { FunctionFact, Snapshot } from './snapshot.ts'
import { sameText, words } from './tokens.ts'

const API_ROLES = ['anon', 'authenticated', 'public']

/** Functions: whose rights they run with, who may call them, and whether what others rely on still does the same. */
export function compareFunctions(before: Snapshot, after: Snapshot): GateReason[] {
  const out: GateReason[] = []
  for (const [name, was] of before.functions) {
    const is = after.functions.get(name)
    if (is) out.push(...changed(name, was, is, before))
    else out.push({ rule: 'function-lost', object: `function ${name}`, evidence: 'there → dropped' })
  }
  for (const [name, is] of after.functions) if (!before.functions.has(name)) out.push(...added(name, is))
  return out
}

function changed(name: string, was: FunctionFact, is: FunctionFact, before: Snapshot): GateReason[] {
  const out: GateReason[] = []
  const add = (rule: string, evidence: string) => out.push({ rule, object: `function ${name}`, evidence })
  if (!was.definer && is.definer) add('definer-function', 'security invoker → security definer')
  if (was.owner !== is.owner) add('owner-changed', `owner ${was.owner} → ${is.owner}`)
  if (was.returns !== is.returns) add('function-changed', `returns ${was.returns} → ${is.returns}`)
  if (!was.leakproof && is.leakproof) add('function-changed', 'not leakproof → leakproof')
  const more = is.execute.filter(role => !was.execute.includes(role) && !was.execute.includes('public'))
  if (more.length > 0) add('grant', `execute by ${was.execute.join(', ') || 'nobody'} → ${is.execute.join(', ')}`)
  const [from, to] = [settingOf(was, 'search_path'), settingOf(is, 'search_path')]
  if (from !== to && !(from === undefined || isFixed(to)))
    add('search-path', `search_path ${from} → ${to ?? 'not fixed'}`)
  for (const setting of is.settings) {
    if (
      was.settings.includes(setting) ||
      /^(search_path|statement_timeout|lock_timeout|work_mem|jit|plan_cache_mode|random_page_cost)=/.test(setting)
    )
      continue
    add('setting', `${setting.split('=')[0]}: none → ${setting}`)
  }
  if (is.volatility === 'i' && was.volatility !== 'i' && /\b(auth|from|current_setting)\b/i.test(is.source))
    add(
      'function-changed',
      'volatility → immutable, although it reads the session or tables: its result may be kept for others',
    )
  if (was.language !== is.language || !sameText(was.source, is.source)) out.push(...bodyChanged(name, was, is, before))
  return out
}

function settingOf({ settings }: FunctionFact, name: string): string | undefined {
  return settings.find(setting => setting.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** Nothing that a caller can write to is looked in. */
function isFixed(searchPath: string | undefined): boolean {
  if (searchPath === undefined) return false
  return searchPath
    .split(',')
    .map(part => part.trim().replace(/^"|"$/g, ''))
    .every(part => part === '' || part === 'pg_catalog' || part === 'pg_temp')
}

function bodyChanged(name: string, was: FunctionFact, is: FunctionFact, before: Snapshot): GateReason[] {
  const object = `function ${name}`
  const user = userOf(name, was, before)
  if (user) return [{ rule: 'function-changed', object, evidence: `body changed; it decides for ${user}` }]
  if (was.definer || is.definer)
    return [
      {
        rule: 'function-changed',
        object,
        evidence: 'body of a security definer function changed: it runs with its owner’s rights',
      },
    ]
  const [from, to] = [words(was.source), words(is.source)]
  const raises = (text: string) => text.match(/\braise (exception|sqlstate)\b/g)?.length ?? 0
  if (raises(to) < raises(from))
    return [
      { rule: 'function-changed', object, evidence: `${raises(from)} checks that raise an exception → ${raises(to)}` },
    ]
  const checks = (text: string) => text.match(/\bauth \. (uid|jwt|role) \(/g)?.length ?? 0
  if (checks(from) > 0 && checks(to) === 0)
    return [{ rule: 'function-changed', object, evidence: 'it asked who calls → it does not' }]
  const hazard = hazardOf(to)
  if (hazard && hazard !== hazardOf(from))
    return [{ rule: 'function-changed', object, evidence: `body now has ${hazard}` }]
  return []
}

/** What relies on a function's answer: a policy, a trigger, a check, a default, a view, or another function that does. */
function userOf(name: string, fact: FunctionFact, snapshot: Snapshot, seen = new Set<string>()): string | undefined {
  if (seen.has(name)) return undefined
  seen.add(name)
  const call = new RegExp(`\\b(${quotePattern(fact.schema)}\\.)?"?${quotePattern(fact.name)}"?\\s*\\(`)
  const policy = snapshot.policies.find(one => call.test(`${one.using ?? ''} ${one.check ?? ''}`))
  if (policy) return `policy "${policy.name}" on ${policy.table}`
  const trigger = [...snapshot.triggers.values()].find(one => call.test(one.definition))
  if (trigger) return `trigger ${trigger.name} on ${trigger.table}`
  const constraint = [...snapshot.constraints.values()].find(one => one.type === 'c' && call.test(one.definition))
  if (constraint) return `constraint ${constraint.name} on ${constraint.table}`
  const view = [...snapshot.relations].find(([, one]) => one.definition !== null && call.test(one.definition))
  if (view) return `view ${view[0]}`
  const column = [...snapshot.columns].find(([, one]) => one.default !== null && call.test(one.default))
  if (column) return `the default of ${column[0]}`
  for (const [other, caller] of snapshot.functions) {
    if (other === name || !call.test(caller.source)) continue
    if (caller.definer) return `function ${other}`
    const user = userOf(other, caller, snapshot, seen)
    if (user) return user
  }
  return undefined
}

const quotePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What a body may do beyond reading and writing rows as its caller; undefined when nothing of the kind is in it. */
export function hazardOf(body: string): string | undefined {
  const text = words(body)
  if (
    /\b(http_post|http_get|http_put|http_delete|http_request)\b|\bnet \. http_|\b(extensions \. )?http \(|\bdblink/.test(
      text,
    )
  )
    return 'a call out of the database'
  if (/\bpg_(read|write|ls|stat)_\w*(file|dir)|\blo_(import|export)\b|\bcopy\b.*\b(program|from|to) '/.test(text))
    return 'access to the server’s files'
  if (/\btruncate\b|\bdrop (table|schema|column|policy|trigger|function|role)\b|\bdisable row level\b/.test(text))
    return 'statements that take things away'
  if (/\b(grant|revoke|alter role|create role|set role|set_config \( 'role'|set session authorization)\b/.test(text))
    return 'changes of rights'
  if (/\bsession_replication_role\b|\brow_security\b/.test(text)) return 'switches that turn checks off'
  if (/\bvault \.|\bdecrypted_secrets\b|\bencrypted_password\b/.test(text)) return 'access to secrets'
  return undefined
}

function added(name: string, is: FunctionFact): GateReason[] {
  const object = `function ${name}`
  const hazard = hazardOf(is.source)
  if (hazard) return [{ rule: 'dangerous-function', object, evidence: `nothing → a function with ${hazard}` }]
  if (!['sql', 'plpgsql'].includes(is.language))
    return [{ rule: 'dangerous-function', object, evidence: `nothing → a function in ${is.language}` }]
  if (['auth', 'storage', 'vault', 'realtime', 'extensions'].includes(is.schema))
    return [{ rule: 'platform-schema', object, evidence: `nothing → a function in ${is.schema}` }]
  if (is.leakproof)
    return [{ rule: 'dangerous-function', object, evidence: 'nothing → leakproof: it sees rows before policies do' }]
  const shadowed = SHADOWABLE.has(is.name) && is.schema === 'public'
  if (shadowed)
    return [{ rule: 'dangerous-function', object, evidence: 'nothing → a function with the name of a built-in one' }]
  if (!is.definer) return []
  const searchPath = settingOf(is, 'search_path')
  if (searchPath === undefined)
    return [{ rule: 'definer-function', object, evidence: 'nothing → security definer without a fixed search_path' }]
  const open = API_ROLES.filter(role => is.execute.includes(role))
  if (open.length === 0 || is.trigger) return []
  if (is.settings.some(setting => /^(row_security|session_replication_role|role)=/.test(setting)))
    return [{ rule: 'definer-function', object, evidence: `nothing → security definer with ${is.settings.join(', ')}` }]
  if (!tiesToCaller(is.source))
    return [
      {
        rule: 'definer-function',
        object,
        evidence: `nothing → security definer, callable by ${open.join(', ')}, and nothing in it ties rows to the caller`,
      },
    ]
  return []
}

/** Built-ins whose namesakes in public would be found first by who does not fix the search_path. */
const SHADOWABLE = new Set([
  'now',
  'lower',
  'upper',
  'coalesce',
  'uid',
  'jwt',
  'role',
  'current_setting',
  'md5',
  'length',
  'concat',
  'count',
])

/** A comparison with who calls, not undone by an alternative beside it. */
function tiesToCaller(body: string): boolean {
  const text = words(body)
  if (/\bor true\b|\btrue or\b|\bor 1 = 1\b/.test(text)) return false
  const who = String.raw`auth \. uid \( \)`
  const compared = new RegExp(
    String.raw`(= ${who})|(${who} (=|is distinct from|is not distinct from|<>|!=))|(${who} in \()|(= any \( ?auth)`,
  )
  return compared.test(text)
}
