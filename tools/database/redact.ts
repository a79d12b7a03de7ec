/** Secrets of one connection; nothing of them may leave this folder. */
export type Redactor = (text: string) => string

/** Replaces every part of a connection URL, and the URL itself, wherever they turn up in a text. */
export function redactor(secrets: (string | undefined | null)[]): Redactor {
  const found = [...new Set(secrets.flatMap(variants))].sort((a, b) => b.length - a.length)
  return text => found.reduce((result, secret) => result.replaceAll(secret, '***'), text)
}

function variants(secret: string | undefined | null): string[] {
  // Very short parts ("db") would blank out innocent words.
  if (!secret || secret.length < 4) return secret && secret.length > 2 && !/^[a-z]+$/i.test(secret) ? [secret] : []
  const decoded = safely(() => decodeURIComponent(secret))
  return [secret, encodeURIComponent(secret), ...(decoded ? [decoded] : [])]
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
