import { parse as parseJsonc } from 'jsonc-parser'
import type { GateReason } from './verdict.ts'

type Json = unknown

interface Rule {
  file: RegExp
  /** Keys (dotted, from the top) that may change. */
  free: RegExp
  what: string
}

/** Configuration that decides what runs where: only what is known to be about speed may change. */
const RULES: Rule[] = [
  { file: /(^|\/)package\.json$/i, free: /^(version|description|keywords)(\.|$)/, what: 'manifest' },
  {
    file: /(^|\/)(ts|js)config(\.[\w-]+)?\.json$/i,
    free: /^compilerOptions\.(target|lib|incremental|skipLibCheck|tsBuildInfoFile)(\.|$)/,
    what: 'compiler options',
  },
  {
    file: /(^|\/)vercel\.json$/i,
    free: /^(regions|functions\..*\.(maxDuration|memory|regions)|fluid|\$schema)(\.|$)/,
    what: 'platform configuration',
  },
  { file: /(^|\/)components\.json$/i, free: /^/, what: 'components' },
]

/** Keys of a protected manifest that change beyond what is free. */
export function manifestReasons(path: string, before: string | undefined, after: string | undefined): GateReason[] {
  const rule = RULES.find(({ file }) => file.test(path))
  if (!rule) return []
  if (after === undefined)
    return [{ rule: 'protected-path', object: path, evidence: `${rule.what}: there → deleted`, file: path, line: 1 }]
  const errors: { error: number }[] = []
  const now: Json = parseJsonc(after, errors as never, { allowTrailingComma: true })
  if (errors.length > 0) return [{ rule: 'unparsable', object: path, evidence: 'not JSON', file: path, line: 1 }]
  const then: Json = before === undefined ? {} : parseJsonc(before, [], { allowTrailingComma: true })
  return [...differences(then, now, '')]
    .filter(({ key }) => !rule.free.test(key))
    .slice(0, 5)
    .map(({ key, from, to }) => ({
      rule: 'protected-path',
      object: `${path} ${key}`,
      evidence: `${show(from)} → ${show(to)}`,
      file: path,
      line: lineOf(after, key),
    }))
}

function* differences(a: Json, b: Json, key: string): Generator<{ key: string; from: Json; to: Json }> {
  if ((isRecord(a) || a === undefined) && (isRecord(b) || b === undefined) && (a !== undefined || b !== undefined)) {
    for (const name of new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]))
      yield* differences(a?.[name], b?.[name], key === '' ? name : `${key}.${name}`)
  } else if (JSON.stringify(a) !== JSON.stringify(b)) yield { key, from: a, to: b }
}

function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const show = (value: Json) => (value === undefined ? 'nothing' : (JSON.stringify(value) ?? '').slice(0, 80))

function lineOf(text: string, key: string): number {
  const name = key.split('.').at(-1)!
  const at = text.indexOf(`"${name}"`)
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}

/** Settings of the local and linked Supabase project: the pooler's sizes are about load, the rest is not. */
export function supabaseConfigReasons(
  path: string,
  before: string | undefined,
  after: string | undefined,
): GateReason[] {
  if (!/(^|\/)supabase\/config\.toml$/.test(path)) return []
  const [then, now] = [tomlKeys(before ?? ''), tomlKeys(after ?? '')]
  const out: GateReason[] = []
  for (const key of new Set([...then.keys(), ...now.keys()])) {
    const [from, to] = [then.get(key), now.get(key)]
    if (from === to || /^db\.pooler\.(default_pool_size|max_client_conn|pool_mode|enabled)$/.test(key)) continue
    if (key === 'api.max_rows' && Number(to) > 0 && Number(to) <= Number(from ?? 1000)) continue
    out.push({
      rule: 'protected-path',
      object: `${path} ${key}`,
      evidence: `${from ?? 'nothing'} → ${to ?? 'nothing'}`,
      file: path,
      line: 1,
    })
  }
  return out.slice(0, 5)
}

function tomlKeys(text: string): Map<string, string> {
  const out = new Map<string, string>()
  let section = ''
  for (const line of text.split('\n')) {
    const header = /^\s*\[+([^\]]+)\]+/.exec(line)?.[1]
    if (header) section = `${header.trim()}.`
    const pair = /^\s*([\w.-]+)\s*=\s*(.*?)\s*(#.*)?$/.exec(line)
    if (pair) out.set(`${section}${pair[1]}`, pair[2]!)
  }
  return out
}
