/** Secrets that go over several literals or lines: private keys and JSON Web Tokens. */
export function maskKeyBlocks(text: string): string {
  return maskTokens(maskPem(text)).replace(PEM_LINE, line => line.replace(/\S+/, '***'))
}

const PEM_BEGIN = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/g
const PEM_END = /-----END [A-Z ]{0,40}PRIVATE KEY-----/g
/** A line of a key whose first line is above an excerpt. */
const PEM_LINE = /^[ \t]*[A-Za-z0-9+/]{60,76}={0,2}[ \t\r]*$/gm
/** What stands between the lines of a key: the line breaks themselves, and how source code writes them. */
const PEM_BODY_LINE = /^[ \t'"`]*(?:(?:Proc-Type|DEK-Info):.*|[A-Za-z0-9+/=]{0,100})(?:\\[nr])*[ \t'"`+,;\\\r]*$/

/** Whole, or cut off at either end of an excerpt. */
function maskPem(text: string): string {
  const ends = [...text.matchAll(PEM_END)].map(match => ({ from: match.index, to: match.index + match[0].length }))
  if (ends.length === 0 && !text.includes('-----BEGIN ')) return text
  let out = ''
  let done = 0
  let next = 0
  for (const begin of text.matchAll(PEM_BEGIN)) {
    if (begin.index < done) continue
    const body = begin.index + begin[0].length
    while (next < ends.length && ends[next]!.from < body) next++
    const end = ends[next]
    const to = end && isKey(text, body, end.from) ? end.to : bodyEnd(text, body)
    out += text.slice(done, begin.index)
    out += to === body ? begin[0] : `-----BEGIN PRIVATE KEY----- ***${lineBreaks(text, body, to)}`
    done = to
  }
  out += text.slice(done)
  return out.includes('-----END ') ? maskCutOff(out) : out
}

/** The key is in the text, and not only its first and last line, as in code that looks for them. */
function isKey(text: string, from: number, to: number): boolean {
  return to - from <= MAX_KEY && text.slice(from, to).split('\n').slice(1, -1).every(isBodyLine)
}

/** Characters of a private key, wrapped and quoted as badly as can be (RSA with 8192 bits: 6,400). */
const MAX_KEY = 32_000
/** A line of a key has 64 characters, and some around them. */
const MAX_LINE = 200

/** End of the lines of a key whose last line is missing: those that hold nothing but Base64. */
function bodyEnd(text: string, from: number): number {
  let end = from
  for (let at = from; at < text.length; ) {
    const window = text.slice(at, at + MAX_LINE + 1)
    const length = window.indexOf('\n')
    const line = length < 0 ? window : window.slice(0, length)
    // Behind the first line, as in a literal with `\n` in it, there may be all of it.
    const inline =
      at === from ? /^(?:\\[nr])+[A-Za-z0-9+/=\\]*/.exec(text.slice(at, at + MAX_KEY))?.[0].length : undefined
    if (inline !== undefined) end = from + inline
    if (!isBodyLine(line)) return end
    if (length < 0) return text.length
    end = at + length
    at = end + 1
  }
  return end
}

function isBodyLine(line: string): boolean {
  return line.length <= MAX_LINE && PEM_BODY_LINE.test(line)
}

/** The last line of a key whose first one is above the excerpt, and what stands before it in the same line. */
function maskCutOff(text: string): string {
  return text
    .split('\n')
    .map(line => {
      const at = line.search(/-----END [A-Z ]{0,40}PRIVATE KEY-----/)
      return at > 0 && /[A-Za-z0-9+/=]{16,}(?:\\[nr])*['"`+ ]*$/.test(line.slice(Math.max(0, at - 200), at))
        ? `***${line.slice(at)}`
        : line
    })
    .join('\n')
}

function lineBreaks(text: string, from: number, to: number): string {
  return '\n'.repeat(text.slice(from, to).split('\n').length - 1)
}

/** Supabase's legacy keys, sessions: Base64 of `{"…`, a full stop, more of it. */
const JWT = /(?<![A-Za-z])eyJ[\w-]{8,}(?:\.[\w-]*)*/y
/** How one is put together from several literals or lines. */
const JOINT = /(['"`])(\s{0,200})(\+|,)?(\s{0,200})(['"`])|\\\r?\n|\r?\n[ \t]{0,200}(?:(?:\/\/|#|\*)[ \t]{0,8})?/y
const PIECE = /[\w.-]+/y

function maskTokens(text: string): string {
  let out = ''
  let done = 0
  for (let at = text.indexOf('eyJ'); at >= 0; at = text.indexOf('eyJ', Math.max(done, at + 1))) {
    JWT.lastIndex = at
    const token = isJson(text.slice(at, at + 12)) ? JWT.exec(text)?.[0] : undefined
    if (token === undefined) continue
    out += `${text.slice(done, at)}eyJ***`
    done = at + token.length
    for (let piece = nextPiece(text, done); piece; piece = nextPiece(text, done)) {
      out += `${piece.joint}***`
      done = piece.end
    }
  }
  return out + text.slice(done)
}

/** The literal or line behind a piece of a token when it goes on there. */
function nextPiece(text: string, from: number): { joint: string; end: number } | undefined {
  JOINT.lastIndex = from
  const joint = JOINT.exec(text)
  if (joint === null) return undefined
  PIECE.lastIndex = JOINT.lastIndex
  const piece = PIECE.exec(text)?.[0]
  if (piece === undefined) return undefined
  // Literals that are added up, or a line that goes on, are one text; a list or the next line need not be.
  const isOne = joint[3] === '+' || joint[0].startsWith('\\')
  if (!isOne && !/^\.?eyJ[\w-]{8,}/.test(piece) && !isSignature(piece)) return undefined
  return { joint: joint[0], end: PIECE.lastIndex }
}

function isSignature(piece: string): boolean {
  return piece.length >= 16 && /\d/.test(piece) && /[A-Z]/.test(piece) && /[a-z]/.test(piece)
}

/** `keyJournal` holds the letters as well: only Base64 of text counts. */
function isJson(beginning: string): boolean {
  const start = Buffer.from(beginning, 'base64url')
  return start.length >= 8 && start.every(byte => byte >= 0x20 && byte < 0x7f)
}
