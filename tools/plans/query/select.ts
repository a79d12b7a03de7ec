/** PostgREST's `select` parameter: "id, name, author:profiles!fk(name, …), …tags(*)". */
export type SelectItem = SelectColumn | SelectEmbed

export interface SelectColumn {
  kind: 'column'
  /** Column name, or "*". */
  name: string
  alias?: string
  /** `data->>key`, with its arrows. */
  path?: string
  cast?: string
  aggregate?: string
}

export interface SelectEmbed {
  kind: 'embed'
  name: string
  alias?: string
  /** Name of a foreign key or a column after `!`. */
  hint?: string
  inner: boolean
  spread: boolean
  items: SelectItem[]
}

const AGGREGATES = new Set(['count', 'sum', 'avg', 'min', 'max'])

export function parseSelect(text: string): SelectItem[] {
  return splitTop(text).flatMap(part => parseItem(part.trim()))
}

function parseItem(part: string): SelectItem[] {
  if (part === '') return []
  const open = part.indexOf('(')
  if (open > 0 && part.endsWith(')')) {
    const inside = part.slice(open + 1, -1)
    const head = part.slice(0, open)
    const bare = head.includes(':') ? head.slice(head.indexOf(':') + 1) : head
    const aggregate = bare.split('.').at(-1)!.trim()
    if (AGGREGATES.has(aggregate) && inside.trim() === '') {
      const name = bare.includes('.') ? bare.split('.')[0]!.trim() : '*'
      return [{ kind: 'column', name, aggregate }]
    }
    return [embedOf(head, inside)]
  }
  const match = /^(?:("?[\w ]+"?)\s*:(?!:))?\s*("[^"]+"|[\w*]+)\s*((?:->>?[\w']+)*)(?:::(\w+))?(?:\.(\w+)\(\))?$/.exec(
    part,
  )
  if (!match) return []
  const [, alias, name, path, cast] = match
  return [
    {
      kind: 'column',
      name: unquote(name!),
      ...(alias ? { alias: unquote(alias) } : {}),
      ...(path ? { path } : {}),
      ...(cast ? { cast } : {}),
    },
  ]
}

function embedOf(head: string, inside: string): SelectEmbed {
  const spread = head.trim().startsWith('...')
  const text = head.trim().replace(/^\.\.\./, '')
  const colon = text.indexOf(':')
  const alias = colon >= 0 ? text.slice(0, colon).trim() : undefined
  const [name = '', ...hints] = text
    .slice(colon + 1)
    .split('!')
    .map(part => part.trim())
  const hint = hints.find(h => h !== 'inner' && h !== 'left')
  return {
    kind: 'embed',
    name: unquote(name),
    ...(alias ? { alias: unquote(alias) } : {}),
    ...(hint ? { hint } : {}),
    inner: hints.includes('inner'),
    spread,
    items: parseSelect(inside),
  }
}

function unquote(text: string): string {
  return text.trim().replace(/^"|"$/g, '')
}

/** Parts between the commas of the outermost level. */
export function splitTop(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '"') quoted = !quoted
    if (quoted) continue
    if (char === '(' || char === '{') depth += 1
    if (char === ')' || char === '}') depth -= 1
    if (char !== ',' || depth > 0) continue
    parts.push(text.slice(from, i))
    from = i + 1
  }
  parts.push(text.slice(from))
  return parts.filter(part => part.trim() !== '')
}
