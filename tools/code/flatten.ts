import type { Effect, LeafEffect, LoopFrame } from './eval/effects.ts'
import { type CacheScope, serial } from './eval/values.ts'
import type { ReachedEffect } from './model.ts'

/** Enough for the largest entry points seen (a dashboard of 400 components); beyond it only repetitions are lost. */
const LIMIT = 60_000

interface Context {
  facts: ReadonlySet<string>
  loops: readonly LoopFrame[]
  anchor: { file: string; line: number } | undefined
  origin: { file: string; line: number } | undefined
  client: boolean
  cache: CacheScope | undefined
  /** The caller is a loop and this is its body: the first place in here is the anchor. */
  pending: boolean
}

/** Unfolds the tree of summaries below an entry point into plain effects, each with all that holds where it happens. */
export function flatten(effects: readonly Effect[], extra: Partial<ReachedEffect> = {}): ReachedEffect[] {
  const out: ReachedEffect[] = []
  const seen = new Set<string>()
  let steps = 0
  const visit = (list: readonly Effect[], context: Context, depth: number): void => {
    for (const e of list) {
      if (++steps > LIMIT) return
      const facts = union(context.facts, e.facts)
      const later = e.k === 'call' && e.later === true
      const loops = later ? [] : e.loops.length ? [...context.loops, ...e.loops] : context.loops
      // The line inside the innermost loop: this effect's own when the loop is in its function, else the call's that led here.
      const anchor = later
        ? undefined
        : e.loops.length || context.pending
          ? { file: e.file, line: e.line }
          : context.anchor
      // The outermost place in the entry's own file; the first level is the call of the entry itself.
      const origin =
        context.origin ??
        (depth > 0 && (extra.via === undefined || e.file === extra.via) ? { file: e.file, line: e.line } : undefined)
      const client = context.client || e.client
      const cache = e.cache ?? context.cache
      if (e.k === 'call') {
        const key = `${serial(e.summary)}|${factsKey(facts)}|${loopsKey(loops)}|${anchor ? `${anchor.file}:${anchor.line}` : ''}|${client}|${cache ? serial(cache) : ''}${e.iterates ? '*' : ''}${later ? 'l' : ''}`
        if (seen.has(key)) continue
        seen.add(key)
        visit(
          e.summary.effects,
          { facts, loops, anchor, origin, client, cache, pending: e.iterates === true },
          depth + 1,
        )
        continue
      }
      if (e.k === 'dynamic' && e.unless !== undefined && facts.has(e.unless)) continue
      out.push({
        effect: e as LeafEffect,
        facts,
        loops,
        anchor: anchor ?? { file: e.file, line: e.line },
        origin: origin ?? { file: e.file, line: e.line },
        client,
        cache,
        ...extra,
      })
    }
  }
  visit(
    effects,
    {
      facts: new Set(),
      loops: [],
      anchor: undefined,
      origin: undefined,
      client: false,
      cache: undefined,
      pending: false,
    },
    0,
  )
  return out
}

const keys = new WeakMap<ReadonlySet<string>, string>()

/** Facts that can make a difference to a judgement; ids of alternatives cannot. */
function factsKey(facts: ReadonlySet<string>): string {
  let key = keys.get(facts)
  if (key === undefined) {
    key = [...facts]
      .filter(f => !f.startsWith('x:'))
      .sort()
      .join()
    keys.set(facts, key)
  }
  return key
}

function loopsKey(loops: readonly LoopFrame[]): string {
  return loops.map(l => `${l.kind}${l.line}`).join()
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (a.size === 0) return b
  if (b.size === 0) return a
  let missing = false
  for (const x of b) {
    if (!a.has(x) && !x.startsWith('x:')) {
      missing = true
      break
    }
  }
  if (!missing) return a
  const out = new Set(a)
  for (const x of b) if (!x.startsWith('x:')) out.add(x)
  return out
}
