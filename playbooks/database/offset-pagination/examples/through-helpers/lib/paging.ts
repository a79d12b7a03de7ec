export interface Page {
  number: number
  size: number
}

export function toRange({ number, size }: Page): [number, number] {
  const start = (number - 1) * size
  return [start, start + size - 1]
}

interface Rangeable<T> {
  range(from: number, to: number): T
}

export function paginate<T>(query: Rangeable<T>, page: Page): T {
  const [from, to] = toRange(page)
  return query.range(from, to)
}
