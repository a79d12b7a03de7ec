/** Lines of the newer text that differ from the older one, 1-based. */
export interface ChangedLines {
  /** Lines that were added or rewritten. */
  changed: Set<number>
  /** Lines before which something was taken away; the number after the last line stands for the end. */
  removedBefore: Set<number>
}

/** Above this many differing lines the exact script is not looked for: everything between the ends that agree counts as changed. */
const MAX_EDITS = 1_000

/** Compares two texts line by line (Myers 1986, greedy), line endings aside. */
export function changedLines(older: string, newer: string): ChangedLines {
  const a = older.split(/\r?\n/)
  const b = newer.split(/\r?\n/)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const result: ChangedLines = { changed: new Set(), removedBefore: new Set() }
  const kept = commonLines(a.slice(start, endA), b.slice(start, endB))
  let lastA = -1
  let lastB = -1
  for (const [indexA, indexB] of [...kept, [endA - start, endB - start] as const]) {
    for (let index = lastB + 1; index < indexB; index++) result.changed.add(start + index + 1)
    if (indexA - lastA > 1 && indexB - lastB === 1) result.removedBefore.add(start + indexB + 1)
    lastA = indexA
    lastB = indexB
  }
  return result
}

type Pair = readonly [number, number]

/** Pairs of equal lines on a shortest edit path, in order. */
function commonLines(a: readonly string[], b: readonly string[]): Pair[] {
  const furthest = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let edits = 0; edits <= Math.min(a.length + b.length, MAX_EDITS); edits++) {
    trace.push(new Map(furthest))
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = takesDown(furthest, diagonal, edits)
      let x = down ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      furthest.set(diagonal, x)
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, a.length, b.length)
    }
  }
  return []
}

function takesDown(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true
  return diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1)
}

function walkBack(trace: readonly Map<number, number>[], endA: number, endB: number): Pair[] {
  const pairs: Pair[] = []
  let x = endA
  let y = endB
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits]!
    const diagonal = x - y
    const previous = takesDown(furthest, diagonal, edits) ? diagonal + 1 : diagonal - 1
    const fromX = furthest.get(previous) ?? 0
    const fromY = fromX - previous
    while (x > fromX && y > fromY && x > 0 && y > 0) pairs.push([--x, --y])
    x = fromX
    y = fromY
  }
  return pairs.reverse()
}
