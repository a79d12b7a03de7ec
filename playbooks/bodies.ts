import type { SchemaFunction, SchemaModel, SchemaTable, SchemaTrigger } from '../tools/schema/model.ts'

/** Reads the bodies of database functions far enough for the detectors. By patterns, not by grammar: what is not recognised is quiet. */

/** The body without comments, and with the quotes of quoted SQL texts (`''`) as they will be. */
export function bodyOf(f: SchemaFunction): string {
  return f.body
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll("''", "'")
}

/** Triggers that run for each row, with the function they call. */
export function rowTriggers(schema: SchemaModel): { trigger: SchemaTrigger; f: SchemaFunction; table: SchemaTable }[] {
  return (schema.triggers ?? []).flatMap(trigger => {
    if (!trigger.perRow) return []
    const table = schema.tables.find(t => t.name === trigger.table && t.schema === trigger.schema)
    const f =
      schema.functions.find(own => trigger.function === `${own.schema}.${own.name}`) ??
      schema.functions.find(own => trigger.function === own.name)
    return table && f ? [{ trigger, f, table }] : []
  })
}

/** Pattern that matches a table's name as SQL may write it: with or without its schema, quoted or not. */
export function namePattern(table: Pick<SchemaTable, 'schema' | 'name'>): string {
  const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return `(?:"?${escaped(table.schema)}"?\\s*\\.\\s*)?"?${escaped(table.name)}"?(?![\\w"])`
}
