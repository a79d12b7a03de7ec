import type { Call, Meta, Value } from '../eval/values.ts'
import { dom, joinMeta, metaOf, native, obj, UNK, unk } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

interface Sdk {
  what: string
  cost?: 'llm' | 'email' | 'sms'
  /** Seconds the library waits by default, when it has a limit of its own (source: the library's documentation). */
  defaultTimeout: boolean
  /** Set by the app in the constructor or the call. */
  timeout: boolean
  path: string
}

/** Client libraries of third parties: constructor exports, what a call costs, and whether calls end by themselves. */
const SDKS: { pkg: string; exports: string[]; what: string; cost?: Sdk['cost']; defaultTimeout: boolean }[] = [
  // The OpenAI and Anthropic clients wait 10 minutes by default: longer than any function may run.
  { pkg: 'openai', exports: ['default', 'OpenAI', 'AzureOpenAI'], what: 'OpenAI', cost: 'llm', defaultTimeout: false },
  {
    pkg: '@anthropic-ai/sdk',
    exports: ['default', 'Anthropic'],
    what: 'Anthropic',
    cost: 'llm',
    defaultTimeout: false,
  },
  { pkg: 'groq-sdk', exports: ['default', 'Groq'], what: 'Groq', cost: 'llm', defaultTimeout: true },
  {
    pkg: '@google/generative-ai',
    exports: ['GoogleGenerativeAI'],
    what: 'Google AI',
    cost: 'llm',
    defaultTimeout: false,
  },
  { pkg: '@google/genai', exports: ['GoogleGenAI'], what: 'Google AI', cost: 'llm', defaultTimeout: false },
  { pkg: '@mistralai/mistralai', exports: ['default', 'Mistral'], what: 'Mistral', cost: 'llm', defaultTimeout: false },
  { pkg: 'cohere-ai', exports: ['CohereClient'], what: 'Cohere', cost: 'llm', defaultTimeout: false },
  { pkg: 'replicate', exports: ['default'], what: 'Replicate', cost: 'llm', defaultTimeout: false },
  {
    pkg: '@huggingface/inference',
    exports: ['HfInference', 'InferenceClient'],
    what: 'Hugging Face',
    cost: 'llm',
    defaultTimeout: false,
  },
  { pkg: 'resend', exports: ['Resend'], what: 'Resend', cost: 'email', defaultTimeout: false },
  { pkg: 'postmark', exports: ['ServerClient', 'default'], what: 'Postmark', cost: 'email', defaultTimeout: true },
  { pkg: 'mailgun.js', exports: ['default'], what: 'Mailgun', cost: 'email', defaultTimeout: true },
  { pkg: 'twilio', exports: ['default', 'Twilio'], what: 'Twilio', cost: 'sms', defaultTimeout: true },
  // Stripe's client gives up after 80 s.
  { pkg: 'stripe', exports: ['default', 'Stripe'], what: 'Stripe', defaultTimeout: true },
  { pkg: '@octokit/rest', exports: ['Octokit'], what: 'GitHub', defaultTimeout: true },
  { pkg: 'octokit', exports: ['Octokit', 'App'], what: 'GitHub', defaultTimeout: true },
  { pkg: '@octokit/core', exports: ['Octokit'], what: 'GitHub', defaultTimeout: true },
  { pkg: '@octokit/app', exports: ['App'], what: 'GitHub', defaultTimeout: true },
  {
    pkg: '@e2b/code-interpreter',
    exports: ['Sandbox', 'CodeInterpreter', 'default'],
    what: 'E2B',
    cost: 'llm',
    defaultTimeout: true,
  },
  { pkg: 'e2b', exports: ['Sandbox', 'default'], what: 'E2B', cost: 'llm', defaultTimeout: true },
  { pkg: 'firecrawl', exports: ['default'], what: 'Firecrawl', cost: 'llm', defaultTimeout: true },
  { pkg: '@mendable/firecrawl-js', exports: ['default'], what: 'Firecrawl', cost: 'llm', defaultTimeout: true },
]

function construct(s: (typeof SDKS)[number]): Value {
  const base: Sdk = {
    what: s.what,
    ...(s.cost ? { cost: s.cost } : {}),
    defaultTimeout: s.defaultTimeout,
    timeout: false,
    path: '',
  }
  return native(s.what, call => dom('sdk', { ...base, timeout: call.args.some(hasTimeout) }), {
    create: native('create', call => sdkCall(base, 'create', call)),
    connect: native('connect', call => sdkCall(base, 'connect', call)),
    webhooks: dom('sdk', { ...base, path: 'webhooks' }),
    prototype: obj({}),
  })
}

for (const s of SDKS) {
  const c = construct(s)
  definePackage(s.pkg, Object.fromEntries(s.exports.map(e => [e, c])))
}

function hasTimeout(v: Value): boolean {
  return (
    v.t === 'obj' &&
    (v.p.has('timeout') ||
      v.p.has('signal') ||
      v.p.has('abortSignal') ||
      v.p.has('timeoutMs') ||
      v.p.has('httpOptions') ||
      v.p.has('requestOptions') ||
      (v.p.has('fetch') && v.open !== true))
  )
}

/** Names that build or configure and send nothing. */
const LOCAL =
  /^(getGenerativeModel|startChat|paginate|auth|hook|log|on|off|getRepoOctokit|setApiKey|withOptions|chats|models|client|messages|generateAuthUrl|iterator)$/

defineDomain('sdk', {
  get(v, p) {
    const s = v.s as Sdk
    return dom('sdk', { ...s, path: s.path ? `${s.path}.${p}` : p })
  },
  call(v, _args, call) {
    return sdkCall(v.s as Sdk, '', call)
  },
  method(v, name, args, call) {
    const s = v.s as Sdk
    // Stripe and others: constructing an event from its signature authenticates the sender.
    if (/^(constructEvent|constructEventAsync|verifySignature|unwrap)$/.test(name)) {
      // What it throws says that the signature does not match, in fixed words.
      call.rt.throws(unk({ err: ['validation'] }))
      call.rt.fact(
        'secret',
        ...args.flatMap(a =>
          a.t === 'in'
            ? [`valid:${a.ref}`]
            : a.t === 'str' || a.t === 'unk'
              ? (a.m?.inp ?? []).map(i => `valid:${i.ref}`)
              : [],
        ),
      )
      return UNK
    }
    if (LOCAL.test(name))
      return dom('sdk', { ...s, path: `${s.path}.${name}`, timeout: s.timeout || args.some(hasTimeout) })
    return sdkCall(s, name, { ...call, args })
  },
})

function sdkCall(s: Sdk, name: string, call: Call): Value {
  for (const a of call.args) if (a.t === 'fn') call.rt.invoke(a, [], call)
  const timeout = s.timeout || call.args.some(hasTimeout)
  call.rt.emit({
    k: 'external',
    file: call.file,
    line: call.startLine,
    endLine: call.endLine,
    what: s.what,
    kind: 'sdk',
    host: s.what,
    method: /^(get|list|retrieve|find|search)/.test(name) ? 'GET' : 'POST',
    timeout: timeout || s.defaultTimeout ? 'yes' : 'no',
    own: false,
    ...(s.cost ? { cost: s.cost } : {}),
    payload: call.args.reduce<Meta | undefined>((a, v) => joinMeta(a, metaOf(v)), undefined),
  })
  call.rt.throws(unk({ err: ['external'] }))
  return {
    t: 'obj',
    p: new Map<string, Value>([
      [
        'error',
        call.rt.union([
          { v: { t: 'null' }, f: [] },
          { v: unk({ err: ['external'] }), f: [] },
        ]),
      ],
    ]),
    open: true,
  }
}

/** Functions that call a model: the AI SDK. */
const AI = [
  'generateText',
  'streamText',
  'generateObject',
  'streamObject',
  'embed',
  'embedMany',
  'generateImage',
  'experimental_generateImage',
  'experimental_transcribe',
]
definePackage(
  'ai',
  Object.fromEntries(
    AI.map(name => [
      name,
      native(name, call => {
        const options = call.args[0]
        const timeout = options?.t === 'obj' && (options.p.has('abortSignal') || options.p.has('timeout'))
        if (options?.t === 'obj') for (const [k, v] of options.p) if (v.t === 'fn' || k === 'tools') escapeInto(call, v)
        call.rt.emit({
          k: 'external',
          file: call.file,
          line: call.startLine,
          endLine: call.endLine,
          what: `AI SDK ${name}`,
          kind: 'sdk',
          host: 'AI SDK',
          method: 'POST',
          timeout: timeout ? 'yes' : 'no',
          own: false,
          cost: 'llm',
          payload: options ? metaOf(options) : undefined,
        })
        call.rt.throws(unk({ err: ['external'] }))
        return UNK
      }),
    ]),
  ),
)

function escapeInto(call: Call, v: Value): void {
  if (v.t === 'fn') call.rt.invoke(v, [], call)
  else if (v.t === 'obj') for (const x of v.p.values()) escapeInto(call, x)
}

/** E-mail over SMTP. */
definePackage('nodemailer', {
  createTransport: native('createTransport', () =>
    dom('sdk', { what: 'SMTP', cost: 'email', defaultTimeout: true, timeout: true, path: '' } satisfies Sdk),
  ),
  'default.createTransport': native('createTransport', () =>
    dom('sdk', { what: 'SMTP', cost: 'email', defaultTimeout: true, timeout: true, path: '' } satisfies Sdk),
  ),
})
definePackage('@sendgrid/mail', {
  default: dom('sdk', {
    what: 'SendGrid',
    cost: 'email',
    defaultTimeout: true,
    timeout: false,
    path: '',
  } satisfies Sdk),
})
