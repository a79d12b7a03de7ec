import type { Pull } from './api.ts'
import { readMarker } from './marker.ts'

/** Everything on GitHub that decides what happens with one change. */
export interface Situation {
  key: string
  /** Digest of the files that the change leaves behind. */
  content: string
  /** Pull requests from its branch, of any state, newest first. */
  pulls: Pull[]
  /** Its branch, when there is one. */
  branch?: {
    /** Every commit that the default branch has not is ours, unaltered. */
    ours: boolean
    /** Its files are those of the change. */
    holdsChange: boolean
  }
  /** The default branch holds what the change wants. */
  applied: boolean
  /** Files that are not on the default branch as they were when the change was made. */
  moved: string[]
  /** Pull requests of ours that are open now, and that this run opened. */
  open: number
  opened: number
  limits: { open: number; new: number }
}

export type Decision =
  | { do: 'open'; pushFirst: boolean }
  | { do: 'update'; pull: Pull }
  | { do: 'refresh-text'; pull: Pull }
  | {
      do: 'nothing'
      outcome: 'closed-by-person' | 'foreign-commits' | 'already-applied' | 'base-moved' | 'limit-open' | 'limit-new'
      detail: string
      pull?: Pull
    }

/** What to do with one change. Pure; the order of the questions is the policy. */
export function decide(situation: Situation): Decision {
  const { key, pulls, branch, applied, moved } = situation
  const foreign = pulls.find(({ state, body }) => state === 'open' && readMarker(body)?.key !== key)
  if (foreign) return nothing('foreign-commits', `#${foreign.number} on this branch is somebody else's`, foreign)
  const open = pulls.find(({ state }) => state === 'open')
  const last = pulls[0]
  if (!open && last && !last.merged)
    return nothing('closed-by-person', `#${last.number} was closed without merging; reopen it to go on`, last)
  if (branch && !branch.ours)
    return nothing('foreign-commits', 'the branch holds commits that are not ours; they are left as they are', open)
  if (open && branch?.holdsChange) return { do: 'refresh-text', pull: open }
  if (applied) return nothing('already-applied', 'the default branch holds this change', open ?? last)
  if (moved.length > 0) {
    const shown = moved.length > 2 ? `${moved.slice(0, 2).join(', ')} and ${moved.length - 2} more` : moved.join(', ')
    return nothing('base-moved', `${shown} changed on GitHub since; pull and run agent build again`, open)
  }
  if (open) return { do: 'update', pull: open }
  return within(situation) ?? { do: 'open', pushFirst: !branch?.holdsChange }
}

function within({ open, opened, limits }: Situation): Decision | undefined {
  if (open >= limits.open)
    return nothing('limit-open', `${open} of at most ${limits.open} pull requests are open; it waits for a review`)
  if (opened >= limits.new)
    return nothing('limit-new', `at most ${limits.new} new in one run; it comes with the next run`)
  return undefined
}

type Nothing = Extract<Decision, { do: 'nothing' }>

function nothing(outcome: Nothing['outcome'], detail: string, pull?: Pull): Nothing {
  return { do: 'nothing', outcome, detail, ...(pull && { pull }) }
}
