/** Words that PostgreSQL does not take as a column or table name without quotes (Appendix C, "reserved"). */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently
  constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default
  deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner
  intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or
  order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table
  tablesample then to trailing true union unique user using variadic verbose when where window with`.split(/\s+/),
)

/** An identifier as it has to be written: quoted only where it must be. */
export function identifier(name: string): string {
  if (/^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name)) return name
  return `"${name.replaceAll('"', '""')}"`
}

/** "schema.name" → `schema.name`, each part quoted where it must be. The first dot parts them. */
export function qualifiedName(name: string): string {
  const { schema, bare } = splitName(name)
  return `${identifier(schema)}.${identifier(bare)}`
}

export function splitName(name: string): { schema: string; bare: string } {
  const dot = name.indexOf('.')
  return dot < 0 ? { schema: 'public', bare: name } : { schema: name.slice(0, dot), bare: name.slice(dot + 1) }
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Lower case, digits and underscores only: what every migration tool takes as a file's name. */
export function snake(text: string, length = 60): string {
  const bare = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
  return bare.slice(0, length).replace(/^_+|_+$/g, '') || 'change'
}

/** Names over 63 bytes are cut by PostgreSQL without a word. */
export const MAX_NAME_BYTES = 63

export function fits(name: string): boolean {
  return Buffer.byteLength(name, 'utf8') <= MAX_NAME_BYTES
}
