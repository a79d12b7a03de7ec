import { createHash } from 'node:crypto'

/** What identifies a pull request as ours and says which state of the change it shows. Hidden in its body. */
export interface Marker {
  key: string
  /** Of the files that the change leaves behind. */
  content: string
  /** Of the visible body as we wrote it: where it no longer fits, a person has edited it. */
  body: string
}

const MARKER = /<!-- scalability-agent:v1 key=([0-9a-f]{12}) content=([0-9a-f]{16}) body=([0-9a-f]{16}) -->/g

/** The body with its marker at the end. */
export function withMarker(visible: string, key: string, content: string): string {
  return `${visible.trimEnd()}\n\n<!-- scalability-agent:v1 key=${key} content=${content} body=${digest(normal(visible))} -->\n`
}

/** The last marker of a body: whoever quotes one above it does not count. */
export function readMarker(body: string): Marker | undefined {
  const [, key, content, own] = [...body.matchAll(MARKER)].at(-1) ?? []
  return key && content && own ? { key, content, body: own } : undefined
}

/** Whether a person has changed the text of a body since we wrote it. Ticking a box counts as well: it is their text now. */
export function wasEdited(body: string): boolean {
  const marker = readMarker(body)
  return marker !== undefined && digest(normal(body.replace(MARKER, ''))) !== marker.body
}

/** GitHub stores CRLF for what is edited in the browser, and trims. */
function normal(text: string): string {
  return text.replaceAll('\r\n', '\n').trim()
}

/** Of path and content of every file that a change leaves behind; equal for equal changes on any base. */
export function contentDigest(files: Record<string, string | null>): string {
  const lines = Object.entries(files).map(([path, text]) => `${path}\n${text === null ? '-' : blobSha(text)}`)
  return digest(lines.sort().join('\n'))
}

/** Name that git gives to a file's content. */
export function blobSha(text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** The line of a commit message by which a commit of ours is told from one that somebody has amended: it names its own tree. */
export function trailer(key: string, tree: string): string {
  return `Scalability-Agent: ${key} ${tree}`
}

/** True when the commit holds exactly what we wrote into it for this change. */
export function isOurCommit({ message, tree }: { message: string; tree: string }, key: string): boolean {
  return message.trimEnd().split('\n').at(-1) === trailer(key, tree)
}
