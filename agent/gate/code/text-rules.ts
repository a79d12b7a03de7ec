import type { GateReason } from '../verdict.ts'
import { type Feature, type FileFeatures, featuresOf } from './features.ts'
import { queryReasons } from './queries.ts'

export interface CodeFile {
  path: string
  before: string | undefined
  after: string | undefined
}

/** Kinds of which no change may bring more, each with its rule. */
const NOT_MORE: Record<string, { rule: string; what: string }> = {
  eval: { rule: 'code-execution', what: 'text run as code' },
  process: { rule: 'code-execution', what: 'another program is started' },
  'raw-sql': { rule: 'raw-sql', what: 'SQL put together from text' },
  html: { rule: 'unsafe-html', what: 'markup inserted as it is' },
  log: { rule: 'sensitive-log', what: 'secrets or personal data in logs' },
  'schema-open': { rule: 'validation-loosened', what: 'a schema lets everything through' },
  redirect: { rule: 'open-redirect', what: 'redirects to where the caller says' },
  service: { rule: 'service-role', what: 'a client that row level security does not bind' },
  'public-secret': { rule: 'secret-exposed', what: 'a secret under a name that goes into the browser bundle' },
  tls: { rule: 'tls-weakened', what: 'an unprotected connection' },
  suppression: { rule: 'suppression-added', what: 'a check is switched off by a comment' },
  'test-off': { rule: 'tests-removed', what: 'tests switched off' },
  secret: { rule: 'secret-exposed', what: 'a secret in the code' },
  'overridable-owner': { rule: 'ownership-lost', what: 'what the caller sends replaces whose row it is' },
  'error-text': { rule: 'error-leak', what: 'the text of an error goes to the caller' },
  swallowed: { rule: 'error-swallowed', what: 'errors vanish' },
}

export interface Read {
  file: CodeFile
  was: FileFeatures
  now: FileFeatures
}

const EMPTY: FileFeatures = { features: [], client: false }

export async function readCode(files: readonly CodeFile[]): Promise<Read[]> {
  return Promise.all(
    files.map(async file => ({
      file,
      was: file.before === undefined ? EMPTY : await featuresOf(file.path, file.before),
      now: file.after === undefined ? EMPTY : await featuresOf(file.path, file.after),
    })),
  )
}

/** What the syntax alone shows. */
export function codeReasons(reads: readonly Read[]): GateReason[] {
  const out: GateReason[] = []
  const then = reads.flatMap(({ was, file }) => was.features.map(feature => ({ ...feature, file: file.path })))
  const now = reads.flatMap(({ now, file }) => now.features.map(feature => ({ ...feature, file: file.path })))
  for (const [kind, { rule, what }] of Object.entries(NOT_MORE)) {
    const known = countBy(then.filter(one => one.kind === kind))
    for (const feature of now.filter(one => one.kind === kind)) {
      const left = known.get(feature.text) ?? 0
      if (left > 0) known.set(feature.text, left - 1)
      else
        out.push({
          rule,
          object: feature.file,
          evidence: `nothing → ${what}: ${feature.text}`,
          file: feature.file,
          line: feature.line,
        })
    }
  }
  out.push(
    ...syntaxReasons(reads),
    ...queryReasons(reads),
    ...sessionReasons(reads),
    ...errorReasons(then, now),
    ...limiterReasons(then, now),
    ...pathReasons(reads),
    ...stateReasons(reads),
    ...cookieReasons(then, now),
    ...headerReasons(then, now),
    ...configReasons(then, now),
    ...clientReasons(reads),
    ...testReasons(reads),
  )
  return out
}

type Placed = Feature & { file: string }

function countBy(features: readonly Feature[]): Map<string, number> {
  const out = new Map<string, number>()
  for (const { text } of features) out.set(text, (out.get(text) ?? 0) + 1)
  return out
}

function syntaxReasons(reads: readonly Read[]): GateReason[] {
  return reads.flatMap(({ file, now, was }) =>
    now.error && !was.error
      ? [{ rule: 'unparsable', object: file.path, evidence: now.error.message, file: file.path, line: now.error.line }]
      : [],
  )
}

const WEAK_FLAG = /^(httpOnly|secure): false$|^sameSite: ['"`]?none/i

function cookieReasons(then: Placed[], now: Placed[]): GateReason[] {
  const flags = (all: Placed[], test: (text: string) => boolean) =>
    all.filter(one => one.kind === 'cookie-flag' && test(one.text))
  const out: GateReason[] = []
  const weak = flags(now, text => WEAK_FLAG.test(text))
  if (weak.length > flags(then, text => WEAK_FLAG.test(text)).length)
    out.push(at(weak[0]!, 'cookie-weakened', `→ ${weak[0]!.text}`))
  for (const name of ['httpOnly', 'secure', 'sameSite']) {
    const strong = (all: Placed[]) =>
      flags(all, text => text.toLowerCase().startsWith(`${name.toLowerCase()}:`) && !WEAK_FLAG.test(text))
    const [from, to] = [strong(then), strong(now)]
    if (to.length < from.length) out.push(at(from[0]!, 'cookie-weakened', `${from[0]!.text} → gone`))
  }
  const ages = (all: Placed[]) => all.filter(one => one.kind === 'cookie-age')
  for (const [index, one] of ages(now).entries()) {
    const was = ages(then)[index]
    if (was && product(one.text) > product(was.text))
      out.push(at(one, 'cookie-weakened', `maxAge ${was.text} → ${one.text}`))
  }
  const lax = (all: Placed[]) => flags(all, text => /sameSite: ['"`]?strict/i.test(text)).length
  if (lax(now) < lax(then))
    out.push(at(flags(then, text => /sameSite/i.test(text))[0]!, 'cookie-weakened', 'sameSite strict → weaker'))
  return out
}

/** Value of a product of numbers, 0 for anything else. */
function product(text: string): number {
  const factors = text.split('*').map(factor => Number(factor.trim().replaceAll('_', '')))
  return factors.every(Number.isFinite) ? factors.reduce((a, b) => a * b, 1) : 0
}

function at(feature: Placed, rule: string, evidence: string): GateReason {
  return { rule, object: feature.file, evidence, file: feature.file, line: feature.line }
}

const SECURITY_HEADER =
  /^(content-security-policy|strict-transport-security|x-frame-options|x-content-type-options|referrer-policy|permissions-policy|cross-origin-)/

function headerReasons(then: Placed[], now: Placed[]): GateReason[] {
  const out: GateReason[] = []
  const headers = (all: Placed[], pattern: RegExp) => all.filter(one => one.kind === 'header' && pattern.test(one.text))
  for (const header of headers(then, SECURITY_HEADER)) {
    const name = header.text.split(':')[0]!
    const same = headers(now, new RegExp(`^${name}:`))
    if (same.some(one => one.text === header.text)) continue
    out.push(at(same[0] ?? header, 'header-weakened', `${header.text} → ${same[0]?.text ?? 'gone'}`))
  }
  const open = (all: Placed[]) => headers(all, /^access-control-allow-(origin|credentials|methods|headers)/)
  const known = countBy(open(then))
  for (const header of open(now)) {
    const left = known.get(header.text) ?? 0
    if (left > 0) known.set(header.text, left - 1)
    else out.push(at(header, 'cors-widened', `→ ${header.text}`))
  }
  return out
}

function configReasons(then: Placed[], now: Placed[]): GateReason[] {
  const known = new Set(then.filter(one => one.kind === 'config').map(one => one.text))
  return now
    .filter(
      one =>
        one.kind === 'config' &&
        !known.has(one.text) &&
        !/^(poweredByHeader: false|productionBrowserSourceMaps: false|ignoreBuildErrors: false|ignoreDuringBuilds: false|unoptimized: false)/.test(
          one.text,
        ),
    )
    .map(one => at(one, 'config-weakened', `→ ${one.text}`))
}

/** What only the server may hold, in files that go to the browser. */
function clientReasons(reads: readonly Read[]): GateReason[] {
  const out: GateReason[] = []
  for (const { file, was, now } of reads) {
    const secrets = (features: FileFeatures) =>
      features.features.filter(one => one.kind === 'secret-env' || one.kind === 'service')
    if (now.client && secrets(now).length > (was.client ? secrets(was).length : 0)) {
      const [first] = secrets(now)
      out.push({
        rule: 'secret-exposed',
        object: file.path,
        evidence: `→ ${first!.text} in a file that goes to the browser`,
        file: file.path,
        line: first!.line,
      })
    }
    const service = (features: FileFeatures) =>
      features.features.filter(one => one.kind === 'secret-env' && /SERVICE_ROLE|SUPABASE_SECRET/.test(one.text))
    if (service(now).length > service(was).length && was.features.length > 0) {
      const first = service(now)[0]!
      out.push({
        rule: 'service-role',
        object: file.path,
        evidence: `no such key here → ${first.text}`,
        file: file.path,
        line: first.line,
      })
    }
    const directive = (features: FileFeatures) =>
      features.features.some(one => one.kind === 'directive' && one.text === 'use server')
    if (directive(now) && !directive(was) && was.features.length > 0)
      out.push({
        rule: 'exposed-action',
        object: file.path,
        evidence: 'functions of the server → server actions that anybody can call',
        file: file.path,
        line: 1,
      })
    if (
      was.features.some(one => one.kind === 'import' && one.text === 'server-only') &&
      !now.features.some(one => one.kind === 'import' && one.text === 'server-only') &&
      file.after !== undefined
    )
      out.push({
        rule: 'secret-exposed',
        object: file.path,
        evidence: "import 'server-only' → gone: it may be bundled for the browser",
        file: file.path,
        line: 1,
      })
  }
  return out
}

const TEST_FILE = /(\.|-|_)(test|spec|e2e|cy)\.[cm]?[jt]sx?$|(^|\/)(__tests__|tests?|e2e|cypress|playwright)\//

function testReasons(reads: readonly Read[]): GateReason[] {
  const out: GateReason[] = []
  for (const { file, was, now } of reads) {
    if (!TEST_FILE.test(file.path) || file.before === undefined) continue
    const count = (features: FileFeatures, kind: string) => features.features.filter(one => one.kind === kind).length
    for (const kind of ['test', 'expect'])
      if (count(now, kind) < count(was, kind)) {
        out.push({
          rule: 'tests-removed',
          object: file.path,
          evidence: `${count(was, kind)} ${kind} → ${count(now, kind)}`,
          file: file.path,
          line: 1,
        })
        break
      }
  }
  return out
}

/** Checks of errors that are gone although what may fail is still there. */
function errorReasons(then: Placed[], now: Placed[]): GateReason[] {
  const count = (all: Placed[], test: (one: Placed) => boolean) => all.filter(test).length
  const handles = (one: Placed) =>
    one.kind === 'guard-error' || one.kind === 'throw' || (one.kind === 'call' && one.text === 'throwOnError')
  const fails = (one: Placed) => one.kind === 'call' && /^(from|rpc|fetch|insert|update|upsert|delete)$/.test(one.text)
  const lost = count(then, handles) - count(now, handles)
  if (lost <= 0 || count(then, fails) - count(now, fails) >= lost) return []
  const texts = now.map(one => one.text)
  const gone = then.find(one => one.kind === 'guard-error' && !texts.includes(one.text)) ?? then.find(handles)!
  return [
    at(
      gone,
      'error-swallowed',
      `${count(then, handles)} places that handle errors (${gone.text}) → ${count(now, handles)}`,
    ),
  ]
}

const WHO = /\bip\b|user|session|id\b|key|identifier|address|email|token/i
const NOBODY = /random|Date\.now|uuid|nanoid|^['"`][^$]*['"`]$/i

function limiterReasons(then: Placed[], now: Placed[]): GateReason[] {
  const out: GateReason[] = []
  const of = (all: Placed[], kind: string) => all.filter(one => one.kind === kind)
  const [from, to] = [of(then, 'window'), of(now, 'window')]
  for (const [index, was] of from.entries()) {
    const is = to[index]
    if (is && rate(is.text) > rate(was.text) * 1.001) out.push(at(is, 'rate-limit-widened', `${was.text} → ${is.text}`))
  }
  const known = new Set(of(then, 'limit-key').map(one => one.text))
  for (const is of of(now, 'limit-key'))
    if (!known.has(is.text) && (NOBODY.test(is.text) || !WHO.test(is.text)) && known.size > 0)
      out.push(at(is, 'rate-limit-widened', `counted by ${[...known][0]} → by ${is.text}`))
  return out
}

/** Requests a second that a window lets through. */
function rate(text: string): number {
  const [count, window] = text.split(',').map(part => part.trim().replace(/['"`]/g, ''))
  const match = /^(\d+)\s*(ms|s|m|h|d)?$/.exec(window ?? '')
  const seconds = match ? Number(match[1]) * ({ ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] ?? 'ms'] ?? 1) : 1
  const number = Number((count ?? '').replaceAll('_', ''))
  return Number.isFinite(number) ? number / seconds : 0
}

const PROXY_FILE =
  /(^|\/)(proxy|middleware)\.[cm]?[jt]sx?$|(^|\/)(lib|utils|supabase)\/(.*\/)?middleware\.[cm]?[jt]sx?$/
const OPEN_LIST = /public|open|skip|exclud|ignor|allow|bypass|white|unauth|guest|anon|static|free/i

/** Paths that guards speak of: protected ones must not get fewer, public ones not more. */
function pathReasons(reads: readonly Read[]): GateReason[] {
  const out: GateReason[] = []
  const lists = (features: FileFeatures) => features.features.filter(one => one.kind === 'path-list')
  const all = (side: 'was' | 'now') => reads.flatMap(read => lists(read[side]))
  const [then, now] = [new Set(all('was').map(one => one.text)), new Set(all('now').map(one => one.text))]
  const names = new Set(all('now').map(one => one.text.split(' ')[0]))
  for (const { file, was, now: is } of reads) {
    const guards = PROXY_FILE.test(file.path)
    for (const one of lists(was)) {
      const [name = '', path] = one.text.split(' ')
      if (
        !now.has(one.text) &&
        !OPEN_LIST.test(name) &&
        (guards || /protect|private|secure|guard|admin|auth/i.test(name)) &&
        (names.has(name) || is.features.length > 0)
      )
        out.push({
          rule: 'proxy-narrowed',
          object: file.path,
          evidence: `${name}: ${path} → not in the list`,
          file: file.path,
          line: one.line,
        })
    }
    for (const one of lists(is)) {
      const [name = '', path] = one.text.split(' ')
      if (
        !then.has(one.text) &&
        OPEN_LIST.test(name) &&
        was.features.length > 0 &&
        (guards || /public|unauth|bypass|white/i.test(name))
      )
        out.push({
          rule: 'proxy-narrowed',
          object: file.path,
          evidence: `${name}: nothing → ${path}`,
          file: file.path,
          line: one.line,
        })
    }
    if (!guards) continue
    const tests = (features: FileFeatures) => features.features.filter(one => one.kind === 'path-test')
    const [from, to] = [tests(was), tests(is)]
    for (const one of from)
      if (!to.some(other => other.text === one.text) && !lists(is).some(other => other.text.endsWith(` ${one.text}`)))
        out.push({
          rule: 'proxy-narrowed',
          object: file.path,
          evidence: `asked for ${one.text} → does not`,
          file: file.path,
          line: one.line,
        })
    for (const one of to)
      if (
        !from.some(other => other.text === one.text) &&
        file.before !== undefined &&
        !/_next|favicon|\.\w+$|static|images?|assets|robots|sitemap/.test(one.text)
      )
        out.push({
          rule: 'proxy-narrowed',
          object: file.path,
          evidence: `nothing about ${one.text} → asked for it`,
          file: file.path,
          line: one.line,
        })
  }
  return out
}

/** State of a module that outlives a request, written where a user is known, under a key that is not theirs. */
function stateReasons(reads: readonly Read[]): GateReason[] {
  const out: GateReason[] = []
  for (const { file, was, now } of reads) {
    const states = (features: FileFeatures) => features.features.filter(one => one.kind === 'module-state')
    if (now.client) continue
    const known = new Set(states(was).map(one => one.text))
    for (const one of states(now))
      if (!known.has(one.text))
        out.push({
          rule: 'user-data-in-shared-cache',
          object: file.path,
          evidence: `nothing → ${one.text}`,
          file: file.path,
          line: one.line,
        })
  }
  return out
}

/** The question to the auth server becomes a look at the cookie. In the browser that is nobody's protection. */
function sessionReasons(reads: readonly Read[]): GateReason[] {
  return reads.flatMap(({ file, was, now }) => {
    if (now.client) return []
    const asked = (features: FileFeatures, pattern: RegExp) =>
      features.features.filter(one => one.kind === 'session' && pattern.test(one.text))
    const [verified, believed] = [/getUser|getClaims/, /getSession/]
    const first = asked(now, believed).at(-1)
    if (
      !first ||
      asked(now, believed).length <= asked(was, believed).length ||
      asked(now, verified).length >= asked(was, verified).length
    )
      return []
    return [
      {
        rule: 'session-not-verified',
        object: file.path,
        evidence: `${asked(was, verified)[0]?.text} → getSession, which believes the cookie`,
        file: file.path,
        line: first.line,
      },
    ]
  })
}
