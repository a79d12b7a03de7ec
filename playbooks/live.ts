import type { AppModel } from '../tools/code/model.ts'
import type { Gathered, SourceLocation } from '../tools/gathered.ts'
import type { SchemaModel, SchemaTable } from '../tools/schema/model.ts'

/** Questions about the running database that several detectors ask. */

/** A section that could be read; one that was refused or left out says nothing. */
export function section<T>(gathered: Gathered<T> | undefined): T | undefined {
  return gathered?.status === 'ran' ? gathered.value : undefined
}

/** What no file defines is found at the manifest of the first app: a finding needs a place. */
export function placeOfApp(code: AppModel): SourceLocation {
  const root = code.apps[0]?.root ?? '.'
  return { file: root === '.' ? 'package.json' : `${root}/package.json`, line: 1 }
}

export function tableNamed(
  schema: SchemaModel | undefined,
  own: { schema: string; name: string },
): SchemaTable | undefined {
  return schema?.tables.find(t => t.schema === own.schema && t.name === own.name)
}

/** Where the files define the table, else the app. */
export function placeOfTable(
  code: AppModel,
  schema: SchemaModel | undefined,
  own: { schema: string; name: string },
): SourceLocation {
  const place = tableNamed(schema, own)?.location
  return place && place.file !== '' ? { file: place.file, line: place.line } : placeOfApp(code)
}

/** Schemas of the platform and the system: not the app's to repair. */
export function isOwnSchema(schema: string): boolean {
  return !/^(pg_|information_schema$)|^(auth|storage|realtime|_realtime|vault|graphql|graphql_public|extensions|supabase_functions|supabase_migrations|pgsodium|pgsodium_masks|pgbouncer|net|cron|pgmq|_analytics|_supavisor|pgtle)$/.test(
    schema,
  )
}

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a setting as PostgreSQL prints it ("8s", "2min", "0", "60000"); undefined when it is no duration. */
export function durationMs(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text?.trim().replace(/^'|'$/g, '') ?? '')
  if (!match) return undefined
  const unit = match[2] ? UNITS[match[2]] : 1
  return unit === undefined ? undefined : Number(match[1]) * unit
}

export function megabytes(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

export function days(n: number): string {
  return n === 1 ? '1 day' : `${Math.floor(n)} days`
}
