import picocolors from 'picocolors'
import { count, oneLine, truncate, columns as width, wrap } from './text.ts'

/** `agent stats` as a page: what a running database says of itself, section by section. */
export interface StatsPage {
  title: string
  /** Facts that everything below depends on: version, age of the statistics. */
  facts: string[]
  sections: StatsSection[]
}

export interface StatsSection {
  id: string
  title: string
  /** How to read it, in one sentence. */
  about: string
  columns: StatsColumn[]
  /** As many cells as columns each. */
  rows: string[][]
  /** Why there are no rows, in place of a table. */
  empty: string
  /** Why it could not be read. */
  unread?: string
}

export interface StatsColumn {
  name: string
  /** Numbers stand right; texts left. One text may take what is left of the line. */
  align: 'left' | 'right' | 'rest'
}

export interface StatsOptions {
  color: boolean
  /** Columns of the terminal; never below 80, never above 120. */
  width?: number
  /** Rows shown in each section. */
  limit: number
}

/** Names longer than this are cut: a table must fit. */
const NAME = 38
const GAP = '  '

/** Ends with a line break. Untrusted text is stripped of control sequences. */
export function renderStats(page: StatsPage, { color, width: wanted, limit }: StatsOptions): string {
  const colors = picocolors.createColors(color)
  const columns = Math.min(120, Math.max(80, wanted ?? 100))
  const lines = [colors.bold(oneLine(page.title)), ...page.facts.flatMap(fact => wrap(oneLine(fact), columns))]
  for (const section of page.sections) {
    lines.push('', `${colors.bold(section.title)} ${colors.dim(`(${section.id})`)}`)
    if (section.unread !== undefined) {
      lines.push(...indent(wrap(`could not be read: ${oneLine(section.unread)}`, columns - 2)))
      continue
    }
    if (section.rows.length === 0) {
      lines.push(`  ${section.empty}`)
      continue
    }
    lines.push(...indent(wrap(section.about, columns - 2)).map(line => colors.dim(line)))
    const [head = '', ...body] = table(section.columns, section.rows.slice(0, limit), columns - 2)
    lines.push(`  ${colors.dim(head)}`, ...indent(body))
    const left = section.rows.length - limit
    if (left > 0) lines.push(colors.dim(`  and ${count(left, 'more row')} (--limit ${section.rows.length} shows all)`))
  }
  return `${lines.join('\n')}\n`
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}

/** The first line is the head. */
function table(columns: readonly StatsColumn[], rows: readonly string[][], available: number): string[] {
  const cells = [columns.map(({ name }) => name), ...rows.map(row => row.map(cell => plain(cell)))]
  const widths = columns.map(({ align }, index) =>
    align === 'rest' ? 0 : Math.min(NAME, Math.max(...cells.map(row => width(row[index] ?? '')))),
  )
  const rest = available - widths.reduce((sum, one) => sum + one, 0) - GAP.length * (columns.length - 1)
  return cells.map(row =>
    columns
      .map(({ align }, index) =>
        fitted(row[index] ?? '', align === 'rest' ? Math.max(rest, 12) : widths[index]!, align),
      )
      .join(GAP)
      .trimEnd(),
  )
}

function plain(cell: string): string {
  // On a CI machine a cell that starts with `::` could be a command to the runner.
  return oneLine(cell).replace(/^::/, ': :')
}

function fitted(text: string, wanted: number, align: StatsColumn['align']): string {
  let shown = text
  for (let length = wanted; width(shown) > wanted; length--) shown = truncate(text, length)
  const space = ' '.repeat(Math.max(0, wanted - width(shown)))
  return align === 'right' ? space + shown : shown + space
}
