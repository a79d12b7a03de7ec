import { handOver } from '../eval/invoke.ts'
import { type Machine, makeUnion } from '../eval/machine.ts'
import type { Alternative, Call, Meta, Value } from '../eval/values.ts'
import { appCode, dom, NULL, native, obj, strOf, UNDEF, UNK, unk } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'
import { userValue } from './supabase.ts'

/**
 * Auth libraries, as data: how each one is asked who the caller is, what it answers when nobody is signed in, and whether asking
 * reads the request (which makes a route dynamic).
 */
const AUTH: Meta = { auth: true }

function reads(call: Call, api: string): void {
  call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api })
  call.rt.emit({ k: 'session', file: call.file, line: call.startLine, api: 'other', network: false, role: 'user' })
}

/** Null or a session with a user in it. */
function sessionOrNull(api: string, empty: Value = NULL) {
  return native(api, call => {
    // `auth(handler)` (NextAuth v5) wraps a handler or middleware: the session arrives in `req.auth`.
    const handler = call.args.find(a => a.t === 'fn')
    if (handler)
      return appCode('wrapped', inner => {
        reads(inner, `${api}()`)
        return inner.rt.invoke(handler, inner.args, inner)
      })
    reads(call, `${api}()`)
    return makeUnion(call.rt as Machine, [
      { v: empty, f: [] },
      {
        v: {
          t: 'obj',
          p: new Map<string, Value>([
            ['user', userValue()],
            ['session', userValue()],
            ['userId', unk(AUTH)],
            ['expires', UNK],
            ['error', UNDEF],
          ]),
          open: true,
          m: AUTH,
        },
        f: ['auth'],
      },
    ])
  })
}

/** Clerk: an object that is always there, whose userId may be null. */
const clerkAuth = (name: string): Value =>
  native(
    name,
    call => {
      reads(call, `${name}()`)
      const base = (userId: Value): Value =>
        obj({
          userId,
          sessionId: userId,
          orgId: userId,
          orgRole: userId,
          sessionClaims: userId,
          isAuthenticated: { t: 'bool', v: userId.t !== 'null' },
          getToken: native('getToken', () => strOf(AUTH)),
          has: native('has', role),
          redirectToSignIn: native('redirectToSignIn', c => c.rt.never()),
          protect: native('protect', protect),
        })
      return makeUnion(call.rt as Machine, [
        { v: base(NULL), f: [] },
        { v: base(strOf(AUTH)), f: ['auth'] },
      ])
    },
    { protect: native('auth.protect', protect) },
  )

function protect(call: Call): Value {
  reads(call, 'auth.protect()')
  call.rt.fact('auth')
  return obj({ userId: strOf(AUTH), orgId: strOf(AUTH) })
}

function role(call: Call): Value {
  return makeUnion(call.rt as Machine, [
    { v: { t: 'bool', v: true }, f: ['auth', 'role'] },
    { v: { t: 'bool', v: false }, f: [] },
  ])
}

const userOrNull = (api: string): Value =>
  native(api, call => {
    reads(call, `${api}()`)
    return makeUnion(call.rt as Machine, [
      { v: NULL, f: [] },
      { v: userValue(), f: ['auth'] },
    ])
  })

const _dynamicComponent = (name: string): Value =>
  native(name, call => {
    if (call.args[0]) handOver(call.rt as Machine, call.args[0], call)
    return dom('element', null)
  })

/** Reads the request, but not to find out who asks. */
function asksRequest(api: string): Value {
  return native(api, call => {
    call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api: `${api}()` })
    return UNK
  })
}

definePackage('@clerk/nextjs/server', {
  auth: clerkAuth('auth'),
  currentUser: userOrNull('currentUser'),
  clerkMiddleware: native('clerkMiddleware', wrapMiddleware),
  createRouteMatcher: native('createRouteMatcher', () => native('matcher', () => ({ t: 'bool' }))),
  clerkClient: dom('clerk-client', {}),
  getAuth: clerkAuth('getAuth'),
})
definePackage('@clerk/nextjs', {
  auth: clerkAuth('auth'),
  currentUser: userOrNull('currentUser'),
  ClerkProvider: native('ClerkProvider', clerkProvider),
  SignedIn: clerkGate('SignedIn'),
  SignedOut: clerkGate('SignedOut'),
  Protect: clerkGate('Protect'),
  Show: clerkGate('Show'),
  authMiddleware: native('authMiddleware', wrapMiddleware),
})

/** Major version of a dependency, NaN when unknown; of a range the first. */
function majorOf(call: Call, pkg: string): number {
  return Number(/\d+/.exec(call.rt.version(pkg))?.[0] ?? Number.NaN)
}

/** Clerk before 6 reads the request in its provider; from 6 on only with the `dynamic` prop. */
function clerkProvider(call: Call): Value {
  const version = majorOf(call, '@clerk/nextjs')
  const props = call.args[0]
  const asked = props?.t === 'obj' && props.p.has('dynamic')
  if (asked || (version > 0 && version < 6))
    call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api: '<ClerkProvider>' })
  return dom('element', null)
}

/** Server components that read the sign-in state (facts/13 #1: such a component made a whole app dynamic). */
function clerkGate(name: string): Value {
  return native(name, call => {
    if (!call.rt.isClient()) call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api: `<${name}>` })
    return dom('element', null)
  })
}

function wrapMiddleware(call: Call): Value {
  const handler = call.args[0]
  return native('clerkMiddleware', inner =>
    handler ? inner.rt.invoke(handler, [clerkAuth('auth'), ...inner.args], inner) : UNK,
  )
}

/** NextAuth / Auth.js. */
definePackage('next-auth', {
  getServerSession: sessionOrNull('getServerSession'),
  unstable_getServerSession: sessionOrNull('getServerSession'),
  default: native('NextAuth', call => {
    if (call.args[0]) handOver(call.rt as Machine, call.args[0], call, 4)
    return obj({
      auth: sessionOrNull('auth'),
      handlers: obj({ GET: dom('auth-handler', {}), POST: dom('auth-handler', {}) }),
      signIn: native('signIn', signIn),
      signOut: native('signOut', signIn),
    })
  }),
})
definePackage('next-auth/next', { getServerSession: sessionOrNull('getServerSession') })
definePackage('next-auth/jwt', { getToken: sessionOrNull('getToken') })
definePackage('next-auth/middleware', {
  default: dom('auth-handler', {}),
  withAuth: native('withAuth', call => call.args[0] ?? dom('auth-handler', {})),
})

function signIn(call: Call): Value {
  call.rt.emit({ k: 'sign-in', file: call.file, line: call.startLine, data: { method: 'signIn' } })
  return UNK
}

/** Clerk's client: from 6 on it is asked for per request. */
defineDomain('clerk-client', {
  get: v => v,
  method: () => UNK,
  call(_v, _args, call) {
    const version = majorOf(call, '@clerk/nextjs')
    if (!(version < 6)) call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api: 'clerkClient()' })
    return dom('unknown-sdk', {})
  },
})

defineDomain('auth-handler', {})
defineDomain('unknown-sdk', { get: v => v, method: () => UNK, call: () => UNK })

/** better-auth: `auth.api.getSession({ headers })`, null when signed out. */
definePackage('better-auth', { betterAuth: native('betterAuth', () => dom('better-auth', {})) })
defineDomain('better-auth', {
  get: (v, p) => (p === 'handler' ? dom('auth-handler', {}) : v),
  method(_v, name, _args, call) {
    if (name === 'getSession' || name === 'getActiveMember') {
      call.rt.emit({ k: 'session', file: call.file, line: call.startLine, api: 'other', network: false, role: 'user' })
      return makeUnion(call.rt as Machine, [
        { v: NULL, f: [] },
        {
          v: {
            t: 'obj',
            p: new Map<string, Value>([
              ['user', userValue()],
              ['session', userValue()],
            ]),
            open: true,
            m: AUTH,
          },
          f: ['auth'],
        },
      ])
    }
    if (/^(signIn|signUp|signOut|forget|reset|verify)/.test(name)) return signIn(call)
    return UNK
  },
})

definePackage('@auth0/nextjs-auth0', {
  getSession: sessionOrNull('getSession'),
  withApiAuthRequired: native('withApiAuthRequired', guardHandler),
  withPageAuthRequired: native('withPageAuthRequired', guardHandler),
})
definePackage('@auth0/nextjs-auth0/server', { Auth0Client: native('Auth0Client', () => dom('auth0', {})) })
defineDomain('auth0', {
  method(_v, name, args, call) {
    if (name === 'getSession') return (sessionOrNull('getSession') as Extract<Value, { t: 'native' }>).call(call)
    if (name.startsWith('with')) return guardHandler({ ...call, args })
    return UNK
  },
})
definePackage('@workos-inc/authkit-nextjs', {
  getSignInUrl: asksRequest('getSignInUrl'),
  getSignUpUrl: asksRequest('getSignUpUrl'),
  withAuth: native('withAuth', call => {
    reads(call, 'withAuth()')
    const ensured = call.args[0]?.t === 'obj' && call.args[0].p.has('ensureSignedIn')
    if (ensured) {
      call.rt.fact('auth')
      return obj({ user: userValue() })
    }
    return makeUnion(call.rt as Machine, [
      { v: obj({ user: NULL }), f: [] },
      { v: obj({ user: userValue() }), f: ['auth'] },
    ])
  }),
})
definePackage('@kinde-oss/kinde-auth-nextjs/server', {
  getKindeServerSession: native('getKindeServerSession', () =>
    obj({
      getUser: userOrNull('getUser'),
      isAuthenticated: native('isAuthenticated', call => {
        reads(call, 'isAuthenticated()')
        return makeUnion(call.rt as Machine, [
          { v: { t: 'bool', v: true }, f: ['auth'] },
          { v: { t: 'bool', v: false }, f: [] },
        ])
      }),
    }),
  ),
})
definePackage('@stackframe/stack', { StackServerApp: native('StackServerApp', () => dom('stack', {})) })
defineDomain('stack', {
  method(_v, name, args, call) {
    if (name !== 'getUser') return UNK
    reads(call, 'getUser()')
    if (args[0]?.t === 'obj' && args[0].p.has('or')) {
      call.rt.fact('auth')
      return userValue()
    }
    return makeUnion(call.rt as Machine, [
      { v: NULL, f: [] },
      { v: userValue(), f: ['auth'] },
    ])
  },
})
/** Others that are asked without arguments and read the request's cookies or headers. */
definePackage('@descope/nextjs-sdk/server', { session: sessionOrNull('session') })
definePackage('@propelauth/nextjs/server/app-router', { getUser: userOrNull('getUser') })
definePackage('@logto/next/server-actions', { getLogtoContext: sessionOrNull('getLogtoContext') })
definePackage('@ory/nextjs/app', { getServerSession: sessionOrNull('getServerSession') })
definePackage('@frontegg/nextjs/app', {
  getAppUserSession: sessionOrNull('getAppUserSession'),
  getAppUserTokens: sessionOrNull('getAppUserTokens'),
})
definePackage('@convex-dev/auth/nextjs/server', {
  ConvexAuthNextjsServerProvider: native('ConvexAuthNextjsServerProvider', call => {
    if (!call.rt.isClient())
      call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api: '<ConvexAuthNextjsServerProvider>' })
    return dom('element', null)
  }),
  convexAuthNextjsToken: sessionOrNull('convexAuthNextjsToken'),
  isAuthenticatedNextjs: sessionOrNull('isAuthenticatedNextjs'),
})
definePackage('iron-session', {
  getIronSession: native('getIronSession', () => obj({ user: UNK, userId: unk(AUTH) })),
})

/** A handler that only runs for signed-in callers. */
function guardHandler(call: Call): Value {
  const handler = call.args.find(a => a.t === 'fn')
  if (!handler) return UNK
  return appCode('guarded', inner => {
    reads(inner, 'withAuth()')
    inner.rt.fact('auth')
    return inner.rt.invoke(handler, inner.args, inner)
  })
}

/** Verifying a token or a signature throws or answers false; only then is the caller known. */
const verifies = (name: string): Value =>
  native(name, call => {
    call.rt.throws(unk({ err: ['validation'] }))
    call.rt.fact('auth', 'secret')
    return { t: 'obj', p: new Map<string, Value>([['payload', userValue()]]), open: true, m: AUTH }
  })
definePackage('jose', {
  jwtVerify: verifies('jwtVerify'),
  jwtDecrypt: verifies('jwtDecrypt'),
  compactVerify: verifies('compactVerify'),
  createRemoteJWKSet: native('createRemoteJWKSet', () => UNK),
})
definePackage('jsonwebtoken', {
  verify: verifies('verify'),
  'default.verify': verifies('verify'),
  '*.verify': verifies('verify'),
})

const verifiedFlag = (call: Call): Value =>
  makeUnion(call.rt as Machine, [
    { v: { t: 'bool', v: true }, f: ['secret'] },
    { v: { t: 'bool', v: false }, f: [] },
  ])
for (const pkg of ['crypto', 'node:crypto']) {
  const crypto = dom('crypto', {})
  definePackage(pkg, {
    timingSafeEqual: native('timingSafeEqual', verifiedFlag),
    default: crypto,
    '*': crypto,
    verify: native('verify', verifiedFlag),
    createHmac: native('createHmac', hash),
    createHash: native('createHash', hash),
    randomBytes: native('randomBytes', () => dom('text', {})),
    randomUUID: native('randomUUID', () => ({ t: 'str' })),
  })
}

/** A digest keeps the history of what went in: a hashed API key is still what the caller presented. */
function hash(call: Call): Value {
  const secret = call.args[1]
  return dom(
    'hash',
    { inputs: secret ? [secret] : [] },
    { ...(secret?.t === 'str' && secret.m?.env ? { env: secret.m.env } : {}) },
  )
}
defineDomain('hash', {
  method(v, name, args) {
    const s = v.s as { inputs: Value[] }
    if (name === 'update')
      return dom('hash', { inputs: [...s.inputs, ...args.slice(0, 1)] }, mergeAll([v, ...args.slice(0, 1)]))
    return strOf(v.m)
  },
})
defineDomain('text', { method: () => ({ t: 'str' }) })

function mergeAll(values: Value[]): Meta {
  const out: Meta = {}
  for (const v of values) {
    const m =
      v.t === 'in'
        ? {
            inp: [{ ref: v.ref }],
            ...(v.ref.startsWith('cookie.') || /^header\.(authorization|x-.*)/.test(v.ref) ? { credential: true } : {}),
          }
        : 'm' in v
          ? v.m
          : undefined
    if (!m) continue
    if (m.inp) out.inp = [...(out.inp ?? []), ...m.inp]
    if (m.credential) out.credential = true
    if (m.env) out.env = m.env
    if (m.auth) out.auth = true
  }
  return out
}

/** Webhook libraries: constructing the event verifies its signature. */
definePackage('svix', { Webhook: native('Webhook', () => dom('webhook', {})) })
definePackage('standardwebhooks', { Webhook: native('Webhook', () => dom('webhook', {})) })
definePackage('@octokit/webhooks', { Webhooks: native('Webhooks', () => dom('webhook', {})) })
definePackage('@octokit/webhooks-methods', { verify: native('verify', verifiedFlag) })
definePackage('@clerk/nextjs/webhooks', { verifyWebhook: verifies('verifyWebhook') })
definePackage('@upstash/qstash/nextjs', {
  verifySignatureAppRouter: native('verifySignatureAppRouter', call =>
    appCode('verified', inner => {
      inner.rt.fact('secret')
      return inner.rt.invoke(call.args[0] ?? UNDEF, inner.args, inner)
    }),
  ),
})
defineDomain('webhook', {
  method(_v, name, args, call) {
    if (name !== 'verify' && name !== 'verifyAndReceive') return UNK
    call.rt.throws(unk({ err: ['validation'] }))
    call.rt.fact('secret', ...(args[0]?.t === 'in' ? [`valid:${args[0].ref}`] : []))
    return UNK
  },
})

export type { Alternative }
