import { callUnknown, handOver, PROPS_DEPTH } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import type { Call, NativeValue, Runtime, Value } from '../eval/values.ts'
import { packages } from './packages.ts'
import { prismaClient } from './prisma.ts'
import './builtins.ts'
import './supabase.ts'
import './next.ts'
import './react.ts'
import './validation.ts'
import './auth.ts'
import './limiters.ts'
import './sdks.ts'
import './sql.ts'
import './drizzle.ts'
import './files.ts'
import './frameworks.ts'
import './intl.ts'
import './rest.ts'
import './results.ts'
import './streams.ts'

/** What an export of a package is, when this house knows the package. */
export function knownExport(specifier: string, path: string, _rt: Runtime): Value | undefined {
  const exports = packages.get(specifier) ?? packages.get(specifier.replace(/^npm:/, ''))
  if (exports) {
    if (Object.hasOwn(exports, path)) return exports[path]
    const short = path.replace(/^(\*|default)\./, '')
    if (short !== path && Object.hasOwn(exports, short)) return exports[short]
    return undefined
  }
  // The Prisma client of version 7 is generated into the app or a workspace package.
  if (path === 'PrismaClient') return prismaClient
  return undefined
}

export function knownMember(v: NativeValue, property: string): Value | undefined {
  return v.props?.[property]
}

/** Names that suggest a guard: a call to such a function in a package that is not known leaves the guard undecided. */
const MAYBE_AUTH = /auth|session|user|guard|protect|permission|verify|require|token|secret|signature|webhook|jwt/i
const MAYBE_RIGHTS = /permission|access(?!_?token)|owner|role|admin|authori[sz]|member|polic(y|ies)/i
const MAYBE_LIMIT = /rate|limit|throttl|captcha|turnstile|bot/i
const MAYBE_VALID = /valid|parse|schema|sanit|decode/i

export function callExternal(m: Machine, target: Extract<Value, { t: 'ext' }>, args: Value[], call: Call): Value {
  const name = `${target.pkg} ${target.path}`
  const facts: string[] = []
  if (MAYBE_AUTH.test(target.path) && !/^(create|new)/i.test(target.path)) {
    facts.push('maybe-auth')
    if (MAYBE_RIGHTS.test(target.path)) facts.push('maybe-rights')
  }
  if (MAYBE_LIMIT.test(target.path)) facts.push('maybe-limited')
  if (MAYBE_VALID.test(target.path)) facts.push('maybe-valid')
  if (facts.length) {
    m.fact(...facts)
    m.emit({ k: 'unknown-call', file: call.file, line: call.startLine, data: { name } })
  }
  return callUnknown(m, args, call)
}

/** A component of a package that is not known: it renders its children and may call the functions it is given. */
export function renderExternal(m: Machine, _target: Extract<Value, { t: 'ext' }>, props: Value, call: Call): void {
  handOver(m, props, call, PROPS_DEPTH)
}
