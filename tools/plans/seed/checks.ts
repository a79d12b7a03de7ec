import type { CatalogTable } from '../catalog.ts'

/** What CHECK constraints ask of one column, as far as their text is simple. */
export interface ColumnLimits {
  /** Literals that it may hold. */
  options?: string[]
  min?: number
  max?: number
  minLength?: number
  maxLength?: number
}

/**
 * Reads the simple shapes out of the expressions as PostgreSQL prints them: `col = ANY (ARRAY['a'::text, …])`, ranges, lengths.
 * What is not simple is left to rejection: rows that break a check are drawn again.
 */
export function limitsOf(table: CatalogTable, column: string): ColumnLimits {
  const limits: ColumnLimits = {}
  const name = `\\(*"?${escaped(column)}"?\\)*(?:::[a-z ]+)?`
  for (const { expression } of table.checks) {
    const any = new RegExp(`${name} = ANY \\(+ARRAY\\[(.*?)\\]`).exec(expression)
    const options = literals(any?.[1] ?? '')
    if (options.length > 0) limits.options = options
    for (const [, operator, value] of expression.matchAll(new RegExp(`${name} (>=|>|<=|<) ${NUMBER}`, 'g')))
      bound(limits, operator!, Number(value), 'min', 'max')
    const length = new RegExp(
      `(?:char_length|length|octet_length)\\(+(?:TRIM\\(BOTH FROM )?${name}\\)* (>=|>|<=|<) ${NUMBER}`,
      'g',
    )
    for (const [, operator, value] of expression.matchAll(length))
      bound(limits, operator!, Number(value), 'minLength', 'maxLength')
  }
  return limits
}

const NUMBER = `\\(?'?(-?\\d+(?:\\.\\d+)?)'?\\)?`

function bound<L extends 'min' | 'minLength', H extends 'max' | 'maxLength'>(
  limits: ColumnLimits,
  operator: string,
  value: number,
  low: L,
  high: H,
): void {
  const step = operator.length === 1 ? (Number.isInteger(value) ? 1 : 0.001) : 0
  if (operator.startsWith('>')) limits[low] = Math.max(limits[low] ?? Number.NEGATIVE_INFINITY, value + step)
  else limits[high] = Math.min(limits[high] ?? Number.POSITIVE_INFINITY, value - step)
}

function literals(list: string): string[] {
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(match => match[1]!.replaceAll("''", "'"))
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
