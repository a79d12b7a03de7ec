/** The order in which an app is made ready, and why that order. Playbooks without a place of their own go by their area. */
export interface PhaseRule {
  id: string
  title: string
  /** What is reached when it is done; the numbers come from the findings. */
  goal: string
  playbooks: readonly string[]
  areas: readonly string[]
  /** Takes whatever is marked as a matter of security and has no other place. */
  security?: true
  after: { phase: string; why: string }[]
}

export const PHASES: readonly PhaseRule[] = [
  {
    id: 'close',
    title: 'Close what is open',
    goal: 'Nobody reads, changes or spends what is not theirs, however many ask.',
    playbooks: ['caching/user-data-in-shared-cache', 'database/raw-sql', 'api/missing-input-validation'],
    areas: ['auth'],
    security: true,
    after: [],
  },
  {
    id: 'indexes',
    title: 'Give queries their indexes',
    goal: 'The cost of a lookup no longer grows with the table.',
    playbooks: [
      'database/missing-index',
      'database/unindexed-foreign-key',
      'database/rls-unindexed-predicate',
      'database/duplicate-index',
      'database/unused-index',
      'database/search-without-index',
      'database/no-primary-key',
    ],
    areas: [],
    after: [],
  },
  {
    id: 'policies',
    title: 'Let policies cost once a statement',
    goal: 'Row-level security is evaluated once a statement and not once a row, with the same rows for everybody.',
    playbooks: [
      'database/rls-per-row-evaluation',
      'database/multiple-permissive-policies',
      'database/rls-recursive-subquery',
      'database/rls-volatile-function',
    ],
    areas: [],
    after: [{ phase: 'indexes', why: 'a wrapped policy is fast where an index serves its comparison' }],
  },
  {
    id: 'reads',
    title: 'Bound every read',
    goal: 'What one request costs no longer grows with the number of users.',
    playbooks: [],
    areas: ['database'],
    after: [{ phase: 'indexes', why: 'a limit is cheap where an index delivers the order' }],
  },
  {
    id: 'caching',
    title: 'Render once what is the same for everybody',
    goal: 'Public pages cost a set of queries for each period, and not for each view.',
    playbooks: [],
    areas: ['caching', 'frontend'],
    after: [{ phase: 'close', why: 'nothing personal may be in what is cached' }],
  },
  {
    id: 'limits',
    title: 'Keep one caller from taking it all',
    goal: 'A slow partner, a script or a crowd is refused in time, instead of holding connections and functions.',
    playbooks: [],
    areas: ['api', 'cost'],
    after: [],
  },
  {
    id: 'watch',
    title: 'See it coming',
    goal: 'What fills up is seen before users notice.',
    playbooks: [],
    areas: ['observability'],
    after: [],
  },
]

export function phaseOf(playbook: string, security: boolean): PhaseRule {
  const area = playbook.split('/')[0] ?? ''
  return (
    PHASES.find(({ playbooks }) => playbooks.includes(playbook)) ??
    (security ? PHASES.find(phase => phase.security) : undefined) ??
    PHASES.find(({ areas }) => areas.includes(area)) ??
    PHASES.find(({ id }) => id === 'limits')!
  )
}
