import { type Machine, makeUnion, validFacts } from '../eval/machine.ts'
import type { Alternative, Call, DomValue, Meta, Value } from '../eval/values.ts'
import { dom, FALSE, literal, metaOf, native, obj, STR, strOf, TRUE, UNDEF, UNK } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/**
 * Schema libraries share one shape: something that is a schema, and a call that either throws or returns a result which tells
 * success from failure. Only success validates the input; a result that nobody looks at proves nothing.
 */
const VALIDATION: Meta = { err: ['validation'] }
const issues = (): Value =>
  obj(
    {
      message: strOf(VALIDATION),
      issues: { t: 'arr', e: UNK, m: VALIDATION },
      errors: { t: 'arr', e: UNK, m: VALIDATION },
      format: native('format', () => strOf(VALIDATION)),
      flatten: native('flatten', () => ({ t: 'unk', m: VALIDATION })),
    },
    VALIDATION,
  )

/** What is known of a schema: the kind of value, whether it has an upper bound, and its fields. */
interface SchemaState {
  kind: 'text' | 'safe' | 'number' | 'object' | 'unknown'
  max: boolean
  /** A list of them. */
  list?: boolean
  shape?: Map<string, Value>
}

/**
 * What comes out of a schema: checked, and still chosen by the caller. Free text stays text (a quote passes `z.string()`), a number
 * with a maximum is bounded. Environment stays environment.
 */
function parsed(input: Value | undefined, state: SchemaState | undefined): Value {
  if (input?.t === 'dom' && (input.d === 'env' || input.d === 'process')) return input
  const m = input ? metaOf(input) : undefined
  const kept: Meta = {}
  if (m?.env) kept.env = m.env
  if (m?.auth) kept.auth = true
  if (m?.credential) kept.credential = true
  if (m?.rows) kept.rows = m.rows
  if (m?.inp?.length || m?.caller) kept.caller = true
  return shaped(state, kept)
}

function shaped(state: SchemaState | undefined, kept: Meta): Value {
  if (state?.list) return { t: 'arr', e: shaped({ ...state, list: false }, kept), m: kept }
  if (!state || state.kind === 'unknown') return { t: 'unk', m: kept.caller ? { ...kept, text: true } : kept }
  if (state.kind === 'text') return { t: 'str', m: kept.caller ? { ...kept, text: true } : kept }
  if (state.kind === 'number') return { t: 'num', m: state.max ? { ...kept, bounded: true } : kept }
  if (state.kind === 'safe') return { t: 'unk', m: kept }
  const p = new Map<string, Value>()
  for (const [k, v] of state.shape ?? [])
    p.set(k, shaped(v.t === 'dom' && v.d === 'schema' ? (v.s as SchemaState) : undefined, kept))
  return state.shape ? { t: 'obj', p, m: kept } : { t: 'unk', m: kept }
}

export function throwingParse(call: Call, input: Value | undefined, state?: SchemaState): Value {
  call.rt.throws(issues())
  if (input) call.rt.fact(...validFacts(input), 'validated')
  return parsed(input, state)
}

/** `{ success, data, error }` in the words of the library. */
export function resultParse(
  call: Call,
  input: Value | undefined,
  ok: (data: Value) => Value,
  failed: (error: Value) => Value,
  state?: SchemaState,
): Value {
  const facts = input ? [...validFacts(input), 'validated'] : ['validated']
  const alts: Alternative[] = [
    { v: failed(issues()), f: [] },
    { v: ok(parsed(input, state)), f: facts },
  ]
  return makeUnion(call.rt as Machine, alts)
}

const zodOk = (data: Value) => obj({ success: TRUE, data, error: UNDEF })
const zodFailed = (error: Value) => obj({ success: FALSE, error, data: UNDEF })

const UNKNOWN: SchemaState = { kind: 'unknown', max: false }
const schema: DomValue = dom('schema', UNKNOWN)

/** Constructors by what a value that passes can hold. */
const SAFE =
  /^(uuid|uuidv4|guid|cuid2?|ulid|nanoid|enum|nativeEnum|literal|boolean|date|iso|bigint|null|undefined|picklist|enum_|isoDate|isoTimestamp|int|int32)$/
const TEXT = /^(string|email|url|text|any|unknown|record|map|json)$/
const REFINES = /^(uuid|guid|cuid2?|ulid|nanoid|datetime|date|time|regex|ip|cidr|base64|base64url|jwt)$/

/** A bound that keeps pages and lists short; `max(100000)` bounds nothing in practice. */
function isSmall(v: Value | undefined): boolean {
  const n = v ? literal(v) : undefined
  return typeof n !== 'number' || n <= 100
}

function made(name: string, args: Value[]): DomValue {
  const state = (s: SchemaState): DomValue => dom('schema', s)
  if (name === 'number' || name === 'int' || name === 'int32') return state({ kind: 'number', max: false })
  if (SAFE.test(name)) return state({ kind: 'safe', max: true })
  if (TEXT.test(name)) return state({ kind: 'text', max: false })
  if (/^(object|strictObject|looseObject|interface)$/.test(name))
    return state({ kind: 'object', max: false, ...(args[0]?.t === 'obj' && !args[0].open ? { shape: args[0].p } : {}) })
  // A pipe, an optional, an array is what is inside it.
  const inner = args[0]
  if (
    /^(pipe|optional|nullable|nullish|array|fallback|readonly)$/.test(name) &&
    inner?.t === 'dom' &&
    inner.d === 'schema'
  ) {
    const s = inner.s as SchemaState
    const limited = args.slice(1).some(a => a.t === 'dom' && a.d === 'schema' && (a.s as SchemaState).max)
    return state({ ...s, max: s.max || limited, ...(name === 'array' ? { list: true } : {}) })
  }
  if (/^(maxValue|max|maxLength|length)$/.test(name)) return state({ kind: 'unknown', max: isSmall(args[0]) })
  return schema
}

defineDomain('schema', {
  get: (v, p) => (p === '_type' || p === 'shape' || p === 'options' || p === 'enum' ? v : p === 'Enum' ? v : undefined),
  index: v => v,
  method(v, name, args, call) {
    switch (name) {
      case 'parse':
      case 'parseAsync':
      case 'decode':
      case 'validateSync':
      case 'assert':
      case 'from':
        return throwingParse(call, args[0], v.s as SchemaState)
      case 'validate':
      case 'cast':
        return throwingParse(call, args[0], v.s as SchemaState)
      case 'safeParse':
      case 'safeParseAsync':
      case 'spa':
      case 'safeDecode':
        return resultParse(call, args[0], zodOk, zodFailed, v.s as SchemaState)
      case 'isValid':
      case 'isValidSync':
      case 'is':
      case 'Check':
        return makeUnion(call.rt as Machine, [
          { v: TRUE, f: args[0] ? validFacts(args[0]) : [] },
          { v: FALSE, f: [] },
        ])
    }
    const state = v.s as SchemaState
    if (name === 'array') return dom('schema', { ...state, list: true })
    if (name === 'max' || name === 'lte' || name === 'lt') return dom('schema', { ...state, max: isSmall(args[0]) })
    if (REFINES.test(name)) return dom('schema', { ...state, kind: 'safe', max: true })
    if (name === 'transform' || name === 'pipe' || name === 'or' || name === 'and')
      return dom('schema', { ...state, kind: state.kind === 'safe' ? 'safe' : 'unknown' })
    if ((name === 'extend' || name === 'merge' || name === 'safeExtend') && state.shape && args[0]) {
      const more =
        args[0].t === 'obj'
          ? args[0].p
          : args[0].t === 'dom' && args[0].d === 'schema'
            ? (args[0].s as SchemaState).shape
            : undefined
      return dom(
        'schema',
        more ? { ...state, shape: new Map([...state.shape, ...more]) } : { kind: 'object', max: false },
      )
    }
    return v
  },
  /** ArkType: a type is called; the result is data or errors. */
  call(_v, args, call) {
    return makeUnion(call.rt as Machine, [
      { v: dom('schema-errors', {}, VALIDATION), f: [] },
      { v: parsed(args[0], undefined), f: args[0] ? validFacts(args[0]) : [] },
    ])
  },
})
defineDomain('schema-errors', { get: () => strOf(VALIDATION) })

/** z.object(…), v.pipe(…): everything that builds gives a schema; only parsing does something. */
const builder = dom('schema-builder', {})
defineDomain('schema-builder', {
  get: (v, p) =>
    p === 'ZodError' || p === 'ValidationError'
      ? native('ZodError', () => issues())
      : p === 'coerce' || p === 'core' || p === 'string'
        ? v
        : undefined,
  call: () => schema,
  method(_v, name, args, call) {
    // Functional libraries take the schema first: v.parse(schema, input), S.decodeUnknownSync(schema)(input).
    if (name === 'parse' || name === 'parseAsync') return args.length > 1 ? throwingParse(call, args[1]) : schema
    if (name === 'safeParse' || name === 'safeParseAsync')
      return args.length > 1
        ? resultParse(
            call,
            args[1],
            data => obj({ success: TRUE, output: data, data, issues: UNDEF }),
            error => obj({ success: FALSE, issues: error, error }),
          )
        : schema
    if (name === 'is')
      return makeUnion(call.rt as Machine, [
        { v: TRUE, f: args[1] ? validFacts(args[1]) : [] },
        { v: FALSE, f: [] },
      ])
    if (name === 'prettifyError' || name === 'flattenError' || name === 'treeifyError' || name === 'formatError')
      return strOf(VALIDATION)
    if (name === 'decodeUnknownSync' || name === 'decodeSync')
      return native('decode', inner => throwingParse(inner, inner.args[0]))
    return made(name, args)
  },
})

for (const pkg of ['zod', 'zod/v4', 'zod/v3', 'zod/mini', '@hono/zod-openapi'])
  definePackage(pkg, {
    z: builder,
    default: builder,
    '*': builder,
    ZodError: native('ZodError', () => issues()),
    object: native('object', () => schema),
    string: native('string', () => schema),
  })
for (const pkg of [
  'valibot',
  'yup',
  'joi',
  'superstruct',
  'io-ts',
  '@sinclair/typebox',
  'arktype',
  '@effect/schema',
  'effect',
  'myzod',
  'runtypes',
]) {
  definePackage(pkg, {
    '*': builder,
    default: builder,
    type: native('type', () => schema),
    Schema: builder,
    Type: builder,
    object: native('object', () => schema),
    string: native('string', () => schema),
    number: native('number', () => schema),
    parse: native('parse', call => throwingParse(call, call.args[1])),
    safeParse: native('safeParse', call =>
      resultParse(
        call,
        call.args[1],
        data => obj({ success: TRUE, output: data, issues: UNDEF }),
        error => obj({ success: FALSE, issues: error }),
      ),
    ),
    pipe: native('pipe', () => schema),
    array: native('array', () => schema),
    enum: native('enum', () => schema),
    optional: native('optional', () => schema),
    Value: builder,
  })
}
definePackage('zod-form-data', { zfd: builder })
/** Zod schemas generated from tables. */
for (const pkg of ['drizzle-zod', 'drizzle-orm/zod'])
  definePackage(pkg, {
    createInsertSchema: native('createInsertSchema', () => schema),
    createSelectSchema: native('createSelectSchema', () => schema),
    createUpdateSchema: native('createUpdateSchema', () => schema),
  })
/** Typed environment: reading it is reading process.env. */
const envModule = native('createEnv', () => dom('env', {}))
definePackage('@t3-oss/env-nextjs', { createEnv: envModule })
definePackage('@t3-oss/env-core', { createEnv: envModule })
/** HTML sanitizers clean markup; they say nothing about shape or size. */
definePackage('uuid', {
  validate: native('validate', call =>
    makeUnion(call.rt as Machine, [
      { v: TRUE, f: call.args[0] ? validFacts(call.args[0]) : [] },
      { v: FALSE, f: [] },
    ]),
  ),
  v4: native('v4', () => STR),
})
definePackage('validator', { default: dom('validator', {}), '*': dom('validator', {}) })
defineDomain('validator', {
  method(_v, name, args, call) {
    if (!name.startsWith('is')) return undefined
    return makeUnion(call.rt as Machine, [
      { v: TRUE, f: args[0] ? validFacts(args[0]) : [] },
      { v: FALSE, f: [] },
    ])
  },
})

export { schema }
