/** What a value looks like, for the rules that hide secrets. All of them take time in proportion to its length. */

/** Not an identifier, a path, a URL, a placeholder or a reference: `NEXT_PUBLIC_KEY`, `current-password`, `/reset/password`, `${key}`. */
export function looksTyped(value: string): boolean {
  if (ALGORITHM.test(value)) return false
  if (/^(?:https?:)?\/\//.test(value) || value.startsWith('${') || value.startsWith('***')) return false
  if (/^[./@]?[A-Za-z_]+(?:[-_./][A-Za-z_]+)*$/.test(value)) return shannon(value) >= 4.2
  return !isPath(value)
}

/** Encodings and algorithms, which secrets are handed over with: `createHmac(secret, 'sha256')`. */
const ALGORITHM =
  /^(?:base64(?:url)?|utf-?(?:8|16le)|latin1|(?:sha|hs|rs|es|ps|md|aes|x)-?\d{1,4}(?:[-_]\w{1,10}){0,2})$/i

function isPath(value: string): boolean {
  return /^(?:\.{0,2}|@)\//.test(value) && value.split('/').every(part => part.length <= 24) && !looksRandom(value)
}

export function mixesLettersAndDigits(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value)
}

/** Letters and digits mixed beyond what names, paths and UUIDs show. */
export function looksRandom(value: string): boolean {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return false
  if (/^[0-9a-f]{32,}$/i.test(value)) return true
  if (!/\d/.test(value) || !/[A-Z]/.test(value) || !/[a-z]/.test(value)) return false
  if (value.includes('/') && value.split('/').every(part => /^[\w.-]{0,24}$/.test(part))) return false
  return shannon(value) > 4.1
}

/** Bits per character. */
function shannon(value: string): number {
  const counts = new Map<string, number>()
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const number of counts.values()) bits -= (number / value.length) * Math.log2(number / value.length)
  return bits
}
