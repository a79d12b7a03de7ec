/** Not the headers of the request. */
export function headers() {
  return { build: '2025-01-01' }
}
