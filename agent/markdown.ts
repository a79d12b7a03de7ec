import type picocolors from 'picocolors'

export interface TerminalStyle {
  colors: ReturnType<typeof picocolors.createColors>
  /** Columns at which prose is wrapped; code is never wrapped. */
  width: number
}

/** The Markdown of our own playbooks (headings, paragraphs, lists, tables, fenced code) as text for a terminal. */
export function markdownForTerminal(markdown: string, { colors, width }: TerminalStyle): string {
  const out: string[] = []
  let paragraph: string[] = []
  let fence: string | undefined
  const flush = (): void => {
    if (paragraph.length > 0) out.push(...block(paragraph, { colors, width }))
    paragraph = []
  }
  for (const line of markdown.split('\n')) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined
      else out.push(`    ${colors.green(line)}`)
    } else if (mark) {
      flush()
      fence = mark
    } else if (/^#{1,6} /.test(line)) {
      flush()
      out.push(colors.bold(colors.underline(line.replace(/^#+ /, ''))))
    } else if (line.trim() === '') {
      flush()
      if (out.at(-1) !== '') out.push('')
    } else if (/^\s*(?:[-*]|\d+\.) /.test(line) || /^\s*[|>]/.test(line)) {
      flush()
      paragraph = [line]
      if (/^\s*[|>]/.test(line)) flush()
    } else paragraph.push(line)
  }
  flush()
  return out.join('\n')
}

/** A paragraph or list item: its lines are joined and wrapped, continuation lines hang under the text of the item. */
function block(lines: string[], style: TerminalStyle): string[] {
  const first = lines[0]!
  if (/^\s*\|/.test(first)) return [inline(first, style)]
  const bullet = /^(\s*)([-*]|\d+\.) /.exec(first)
  const lead = bullet ? `${bullet[1]}${bullet[2] === '*' || bullet[2] === '-' ? '•' : bullet[2]} ` : ''
  const text = [first.slice(bullet?.[0].length ?? 0), ...lines.slice(1)].map(line => line.trim()).join(' ')
  return wrap(text, style.width - lead.length).map((line, index) =>
    inline(`${index === 0 ? lead : ' '.repeat(lead.length)}${line}`, style),
  )
}

/** Breaks between words; a code span is never taken apart. */
function wrap(text: string, width: number): string[] {
  const words = text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && visible(last) + 1 + visible(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Columns of a text without the marks that `inline` takes out. */
function visible(text: string): number {
  return text.replace(/`|\*\*/g, '').length
}

function inline(text: string, { colors }: TerminalStyle): string {
  return text
    .split(/(`[^`]*`)/)
    .map(part =>
      part.startsWith('`')
        ? colors.cyan(part.slice(1, -1))
        : part
            .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '$1 ($2)')
            .replace(/\*\*([^*]+)\*\*/g, (_all, strong: string) => colors.bold(strong)),
    )
    .join('')
}
