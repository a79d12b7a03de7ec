import { splitName } from './quote.ts'

/**
 * Puts an index into the model of a Prisma schema. Without it `prisma migrate dev` takes the index for drift and writes a migration
 * that drops it.
 */
export function withIndex(
  text: string,
  { table, name, columns }: { table: string; name: string; columns: string[] },
): string | undefined {
  const { bare } = splitName(table)
  const model = modelOf(text, bare)
  if (!model) return undefined
  const fields = columns.map(column => fieldOf(model.body, column))
  if (fields.some(field => field === undefined)) return undefined
  const usual = `${bare}_${columns.join('_')}_idx`
  const map = name === usual ? '' : `, map: ${JSON.stringify(name)}`
  const line = `@@index([${fields.join(', ')}]${map})`
  if (model.body.includes(line)) return text
  const indent = /\n([ \t]+)\S/.exec(model.body)?.[1] ?? '  '
  const hasAttributes = /\n[ \t]*@@/.test(model.body)
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const added = `${model.body.trimEnd()}${eol}${hasAttributes ? '' : eol}${indent}${line}${eol}`
  return text.slice(0, model.start) + added + text.slice(model.end)
}

/** Body of the model that stands for the table: between its braces. */
function modelOf(text: string, table: string): { body: string; start: number; end: number } | undefined {
  for (const match of text.matchAll(/^[ \t]*model\s+(\w+)\s*\{/gm)) {
    const start = match.index + match[0].length
    // A brace in a default or comment does not stand alone on its line.
    const close = /^[ \t]*\}/m.exec(text.slice(start))
    if (!close) continue
    const end = start + close.index
    const body = text.slice(start, end)
    const mapped = /@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(body)?.[1]
    if ((mapped ?? match[1]) === table) return { body, start, end }
  }
  return undefined
}

function fieldOf(body: string, column: string): string | undefined {
  for (const line of body.split('\n')) {
    const field = /^\s*(\w+)\s+\w/.exec(line)?.[1]
    if (!field || /^\s*\/\//.test(line)) continue
    const mapped = /@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(line)?.[1]
    if ((mapped ?? field) === column) return field
  }
  return undefined
}
