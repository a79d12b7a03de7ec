interface Window {
  startedAt: number
  count: number
}

const MAX_KEYS = 10_000
const windows = new Map<string, Window>()

/** A fixed window in the memory of this instance. */
export function countLocally(key: string, limit: { requests: number; seconds: number }): boolean {
  const now = Date.now()
  const current = windows.get(key)
  if (!current || now - current.startedAt > limit.seconds * 1000) {
    windows.delete(key)
    if (windows.size >= MAX_KEYS) dropOldest()
    windows.set(key, { startedAt: now, count: 1 })
    return true
  }
  current.count += 1
  return current.count <= limit.requests
}

function dropOldest(): void {
  const oldest = windows.keys().next()
  if (!oldest.done) windows.delete(oldest.value)
}
