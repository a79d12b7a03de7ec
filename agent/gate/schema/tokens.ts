import { tokens } from '../../../tools/schema/sql/lexer.ts'

/** The words of a statement or body, comments and spacing gone, keywords in lower case, `(select auth.uid())` as `auth.uid()`. */
export function words(sql: string): string {
  const parts: string[] = []
  for (const token of tokens(sql)) {
    const text = sql.slice(token.start, token.end)
    parts.push(token.kind === 'word' ? text.toLowerCase() : text)
  }
  return parts
    .join(' ')
    .replace(/\( select (auth \. (?:uid|jwt|role|email) \( \))(?: as \w+)? \)/g, '$1')
    .replace(/ ;$/, '')
    .trim()
}

export function sameText(a: string, b: string): boolean {
  return a === b || words(a) === words(b)
}
