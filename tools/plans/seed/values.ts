import type { CatalogColumn, CatalogTable } from '../catalog.ts'
import { type ColumnLimits, limitsOf } from './checks.ts'
import { WORDS } from './words.ts'

/** SQL of a value as a function of a row's number or of a draw (SQL text of a bigint). */
export type ValueSql = (n: string) => string

export function quoteLiteral(text: string): string {
  return text.includes('\\')
    ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`
}

/** Uniform in [0, 1), the same for the same draw and salt on every machine. */
export function uniform(n: string, salt: string): string {
  return `((hashint8extended(${n}, ${saltNumber(salt)}) & 2147483647) / 2147483648.0::float8)`
}

/** FNV-1a, 31 bits: columns draw independently of each other. */
function saltNumber(text: string): number {
  let hash = 0x811c9dc5
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 1
}

/** One of a list; `skew` 1 is uniform, larger prefers the front. */
export function pick(n: string, salt: string, size: string, skew: number): string {
  const u = uniform(n, salt)
  return `(1 + floor((${size}) * ${skew === 1 ? u : `power(${u}, ${skew})`}))`
}

const INTEGER = /^(int2|int4|int8|oid)$/
const NUMERIC = /^(numeric|float4|float8|money)$/
const TEXT = /^(text|varchar|bpchar|name|citext)$/
const TIME = /^(timestamptz|timestamp|date)$/

/** A value that no other row has; undefined where the type has too few. Rows are numbered from 1. */
export function uniqueValue(table: CatalogTable, column: CatalogColumn): ValueSql | undefined {
  const { type, name } = column
  const limits = limitsOf(table, name)
  if (limits.options || column.labels) return undefined
  if (type === 'uuid') return n => `md5(${quoteLiteral(`${table.schema}.${table.name}.${name}:`)} || ${n})::uuid`
  if (INTEGER.test(type) || NUMERIC.test(type)) return n => `(${n})::${type}`
  if (TIME.test(type)) return n => `(timestamp '2020-01-01' + (${n}) * interval '1 second')::${type}`
  if (!TEXT.test(type)) return undefined
  const most = Math.min(column.length ?? 200, limits.maxLength ?? 200)
  const cast = (sql: string): string => `(${sql})::${type}`
  if (most < 16) return n => cast(`to_hex(${n})`)
  if (/mail/i.test(name)) return n => cast(`'user' || (${n}) || '@example.com'`)
  if (/ur[il]$|link|website|image|avatar/i.test(name)) return n => cast(`'https://example.com/' || (${n})`)
  if (/hash|token|secret|digest/i.test(name) && most >= 32) return n => cast(`md5((${n})::text)`)
  const stem =
    name
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .slice(0, most - 11) || 'x'
  return n => cast(`${quoteLiteral(stem)} || (${n})`)
}

const NAMED_UNIQUELY =
  /(^|_)(e?mail|user_?name|slug|handle|token|hash|digest|sku|serial|external_id|stripe\w*_id|code)$/i

/** Texts that tell rows apart although no constraint says so. */
export function isNameLike(table: CatalogTable, column: CatalogColumn): boolean {
  return TEXT.test(column.type) && NAMED_UNIQUELY.test(column.name) && !limitsOf(table, column.name).options
}

/** A moment that grows with the row's number: rows are added in the order of time. What ends does so after it began. */
export function timeOfRow(column: CatalogColumn, rows: number): ValueSql | undefined {
  if (!TIME.test(column.type)) return undefined
  const ends = /(^|_)(ends?|finish|finished|completed|until|check_?out|to)(_|$)/i.test(column.name) && column.notNull
  if (!ends && !ROW_TIME.test(column.name)) return undefined
  const later = ends ? ` + interval '2 hours'` : ''
  return n => `(now() - (${rows} - (${n})) * interval '${YEARS_SECONDS / rows} seconds'${later})::${column.type}`
}

const ROW_TIME =
  /^(created|inserted|added|posted|published|joined|updated|modified|date|time|timestamp|occurred|started|starts?|begins?|from|check_?in)/i

/** Two years of rows. */
const YEARS_SECONDS = 63_072_000

/** How often the column is NULL, by its kind; 0 for NOT NULL. */
export function nullShare(column: CatalogColumn): number {
  if (column.notNull) return 0
  if (/^(deleted|archived|banned|cancell?ed|removed|suspended|revoked|deactivated)/i.test(column.name)) return 0.95
  if (TIME.test(column.type) && !column.default) return 0.5
  if (column.default) return 0.02
  return 0.2
}

/** An ordinary value of the column, many rows sharing it where its kind has few; undefined when the type is not known. */
export function plainValue(table: CatalogTable, column: CatalogColumn): ValueSql | undefined {
  const salt = `${table.schema}.${table.name}.${column.name}`
  const limits = limitsOf(table, column.name)
  const bare = bareValue(column, salt, limits)
  if (!bare) return column.notNull ? undefined : () => 'null'
  const share = nullShare(column)
  if (share === 0) return bare
  return n => `(case when ${uniform(n, `${salt}?`)} >= ${share} then ${bare(n)} end)`
}

function bareValue(column: CatalogColumn, salt: string, limits: ColumnLimits): ValueSql | undefined {
  const { type, typeText } = column
  const options = limits.options ?? column.labels ?? fewTexts(column)
  if (options) return n => oneOf(n, salt, defaultFirst(column, options), typeText)
  if (type === 'bool') {
    const share = /true/i.test(column.default ?? '') ? 0.9 : /false/i.test(column.default ?? '') ? 0.1 : 0.5
    return n => `(${uniform(n, salt)} < ${share})`
  }
  if (INTEGER.test(type) || NUMERIC.test(type)) return n => number(n, salt, column, limits)
  if (type === 'uuid') return n => `md5(${quoteLiteral(salt)} || ${n})::uuid`
  if (TIME.test(type)) return n => moment(n, salt, column)
  if (TEXT.test(type)) return n => `(${text(n, salt, column, limits)})::${type}`
  if (type === 'jsonb' || type === 'json') return n => json(n, salt, column)
  const fixed = FIXED[type]
  if (fixed) return n => `(${fixed(n)})::${typeText}`
  if (type.startsWith('_') && column.kind !== 'domain') return n => list(n, salt, column)
  return undefined
}

const FIXED: Record<string, ValueSql> = {
  inet: n => `'10.' || ((${n}) % 250) || '.' || ((${n}) / 250 % 250) || '.1'`,
  interval: n => `((${n}) % 1000) * interval '1 minute'`,
  time: n => `time '00:00' + ((${n}) % 1440) * interval '1 minute'`,
  timetz: n => `timetz '00:00+00' + ((${n}) % 1440) * interval '1 minute'`,
  bytea: n => `decode(md5((${n})::text), 'hex')`,
  tsvector: n => `to_tsvector('simple', ${words(n, 'tsvector', 6)})`,
  point: n => `point((${n}) % 180, (${n}) % 90)`,
}

/** Texts that are one of few by their name or their default ('draft', 'pending'). */
function fewTexts(column: CatalogColumn): string[] | undefined {
  if (!TEXT.test(column.type)) return undefined
  const first = /^'((?:[^']|'')+)'::/.exec(column.default ?? '')?.[1]
  if (!first && !FEW.test(column.name)) return undefined
  const rest = ['active', 'pending', 'draft', 'done', 'failed', 'other', 'none', 'new']
  const room = column.length ?? 100
  return [first ?? 'default', ...rest].filter((value, i, all) => all.indexOf(value) === i && value.length <= room)
}

const FEW =
  /(^|_)(status|state|type|kind|role|category|visibility|level|tier|plan|priority|severity|stage|phase|mode|locale|lang|language|currency|country|gender|source|provider|platform|channel|brand|color|size)$/i

function defaultFirst(column: CatalogColumn, options: string[]): string[] {
  const first = /^'((?:[^']|'')*)'::/.exec(column.default ?? '')?.[1]
  return first !== undefined && options.includes(first) ? [first, ...options.filter(o => o !== first)] : options
}

function oneOf(n: string, salt: string, options: string[], typeText: string): string {
  if (options.length === 1) return `${quoteLiteral(options[0]!)}::${typeText}`
  return `(array[${options.map(quoteLiteral).join(', ')}])[${pick(n, salt, String(options.length), 2)}]::${typeText}`
}

function number(n: string, salt: string, column: CatalogColumn, limits: ColumnLimits): string {
  const { type, name, precision } = column
  const counter = /count|likes|views|votes|score|reputation|points|total_/i.test(name)
  const most = precision ? 10 ** (precision[0] - precision[1]) - 1 : type === 'int2' ? 32_000 : 1_000_000_000
  const low = limits.min ?? 0
  const high = Math.min(limits.max ?? Math.max(low + 1, counter ? low + 5000 : low + 1000), most)
  const u = counter ? `power(${uniform(n, salt)}, 4)` : uniform(n, salt)
  const value = `${low} + ${u} * ${high - low}`
  if (INTEGER.test(type)) return `floor(${value} + ${counter ? 0 : 0.5})::${type}`
  return `round((${value})::numeric, ${precision?.[1] ?? 2})::${type}`
}

function moment(n: string, salt: string, column: CatalogColumn): string {
  const ahead = /expire|until|due|ends?_|scheduled|next|deadline|renew/i.test(column.name)
  const seconds = ahead ? `(${uniform(n, salt)} - 0.7) * ${YEARS_SECONDS}` : `- ${uniform(n, salt)} * ${YEARS_SECONDS}`
  return `(now() + (${seconds}) * interval '1 second')::${column.type}`
}

function words(n: string, salt: string, count: number): string {
  const one = (k: number): string => `(${WORD_ARRAY})[${pick(n, `${salt}${k}`, String(WORDS.length), 1.5)}]`
  return Array.from({ length: count }, (_, k) => one(k)).join(` || ' ' || `)
}

const WORD_ARRAY = `array[${WORDS.map(quoteLiteral).join(',')}]`

function text(n: string, salt: string, column: CatalogColumn, limits: ColumnLimits): string {
  const most = Math.min(column.length ?? 2000, limits.maxLength ?? 2000)
  const { name } = column
  if (most < 16) return `left(to_hex(hashint8extended(${n}, 7) & 4294967295), ${Math.max(1, most)})`
  if (/ur[il]$|link|website|image|avatar|thumbnail|path|file/i.test(name))
    return `'https://example.com/' || md5((${n})::text)`
  const long =
    /body|content|description|bio|notes?$|message|comment|text|details|summary|instructions|excerpt|reason/i.test(name)
  const value = long
    ? `${words(n, salt, 5)} || ' ' || repeat(md5((${n})::text), ${most < 300 ? 1 : 6})`
    : words(n, salt, 3)
  return `left(${value}, ${most})`
}

function json(n: string, salt: string, column: CatalogColumn): string {
  if (/\[\]/.test(column.default ?? '')) return `'[]'::${column.type}`
  return `jsonb_build_object('name', 'item ' || (${n}), 'value', floor(${uniform(n, salt)} * 100), 'note', md5((${n})::text))::${column.type}`
}

function list(n: string, salt: string, column: CatalogColumn): string {
  const element = column.type.slice(1)
  if (TEXT.test(element)) {
    const tag = (k: number): string => `(${WORD_ARRAY})[${pick(n, `${salt}${k}`, String(WORDS.length), 2)}]`
    return `array[${tag(0)}, ${tag(1)}]::${column.typeText}`
  }
  if (element === 'uuid') return `array[md5(${quoteLiteral(salt)} || (${n}) % 1000)::uuid]`
  if (INTEGER.test(element) || NUMERIC.test(element)) return `array[(${n}) % 1000, (${n}) % 77]::${column.typeText}`
  return `'{}'::${column.typeText}`
}
