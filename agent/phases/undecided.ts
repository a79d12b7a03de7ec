import { isAuthenticated, isUndecided } from '../../playbooks/shared.ts'
import type { AppModel, Endpoint, ReachedEffect } from '../../tools/code/model.ts'

/**
 * Guards that could not be decided, counted: a call into a package that is not known may have checked the caller, the input or the
 * rate. Playbooks stay quiet about such places, which is no approval. Endpoints behind wrappers are counted on their own.
 */
export function undecidedGuards({ endpoints }: Pick<AppModel, 'endpoints'>): { what: string; count: number }[] {
  const open = endpoints.filter(({ opaque }) => !opaque)
  return [
    {
      what: 'accesses where it could not be decided whether the caller is checked',
      count: places(open, r => !isAuthenticated(r.facts) && isUndecided(r.facts, undefined, 'auth')),
    },
    {
      what: 'accesses where it could not be decided whether the input is validated',
      count: places(open, r => takesInput(r) && isUndecided(r.facts, undefined, 'valid')),
    },
    {
      what: 'endpoints where it could not be decided whether calls are limited',
      count: open.filter(isPerhapsLimited).length,
    },
  ]
}

function places(endpoints: readonly Endpoint[], isOpen: (r: ReachedEffect) => boolean): number {
  const found = endpoints.flatMap(({ effects }) =>
    effects.filter(r => r.effect.k === 'access' && !r.client && !r.facts.has('dev-only') && isOpen(r)),
  )
  return new Set(found.map(({ effect }) => `${effect.file}:${effect.line}`)).size
}

function takesInput({ effect }: ReachedEffect): boolean {
  if (effect.k !== 'access') return false
  const { payload, filters, raw, limit, offset } = effect.draft
  return [payload, raw?.meta, limit?.meta, offset?.meta, ...filters.map(({ meta }) => meta)].some(
    meta => (meta?.inp?.length ?? 0) > 0,
  )
}

function isPerhapsLimited({ effects }: Endpoint): boolean {
  const isLimited = effects.some(r => r.effect.k === 'limit' || r.facts.has('limited') || r.facts.has('limiter-asked'))
  return !isLimited && effects.some(r => isUndecided(r.facts, undefined, 'limited'))
}
