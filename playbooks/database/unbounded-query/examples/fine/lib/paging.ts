interface Limitable<T> {
  limit(count: number): T
}

const MAX_PAGE_SIZE = 100

/** The bound lies in a helper. */
export function firstPage<T>(query: Limitable<T>, size = 20): T {
  return query.limit(Math.min(size, MAX_PAGE_SIZE))
}
