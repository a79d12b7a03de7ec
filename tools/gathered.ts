/** What an instrument brought back. A failed instrument fails its own findings only; an absent one is named, never "clean". */
export type Gathered<T> =
  | { status: 'ran'; value: T; ms: number }
  | { status: 'skipped'; reason: string }
  | { status: 'failed'; error: string }

/** A place in the repository under audit: posix path relative to the audited folder, 1-based lines. */
export interface SourceLocation {
  file: string
  line: number
  endLine?: number
}

/** What an instrument brought, undefined when it brought nothing. */
export function whenRan<T>(gathered: Gathered<T>): T | undefined {
  return gathered.status === 'ran' ? gathered.value : undefined
}
