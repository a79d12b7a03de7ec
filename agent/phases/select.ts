import type { Area } from '../../playbooks/finding.ts'
import type { PlaybookDoc } from '../../playbooks/playbook.ts'
import { UserError } from '../../tools/errors.ts'
import { nearMisses, oneLine } from '../text.ts'

/**
 * The playbooks of a run: those of the areas and of the names the user gave; all when nothing was given.
 *
 * @param only refs (`database/exact-count`) or ids (`exact-count`)
 * @throws UserError for a name that no playbook has, or when nothing is left
 */
export function selectPlaybooks<P extends PlaybookDoc>(
  playbooks: readonly P[],
  areas: readonly Area[] | undefined,
  only: readonly string[] | undefined,
): P[] {
  const named = only && new Set(only.map(name => findPlaybook(playbooks, name, '--only').ref))
  const selected = playbooks.filter(({ area, ref }) => (!areas || areas.includes(area)) && (!named || named.has(ref)))
  if (selected.length > 0 || playbooks.length === 0) return selected
  const covered = [...new Set(playbooks.map(({ area }) => area))].sort()
  throw new UserError(
    named
      ? 'no playbook is left: those of --only are not in the areas that were asked for'
      : `no playbook is left: there is none for ${areas?.join(', ')} yet (there are some for ${covered.join(', ')})`,
  )
}

/** @throws UserError that suggests the nearest names */
export function findPlaybook<P extends PlaybookDoc>(playbooks: readonly P[], name: string, what: string): P {
  const wanted = name.trim().replace(/^playbooks\//, '')
  const found = playbooks.filter(({ ref, id }) => ref === wanted || id === wanted)
  if (found.length === 1) return found[0]!
  const shown = oneLine(name, 80)
  if (found.length > 1)
    throw new UserError(`${what}: "${shown}" is the name of ${found.map(({ ref }) => ref).join(' and ')}; say which`)
  const near = nearMisses(
    wanted,
    playbooks.map(({ ref }) => ref),
  )
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`agent explain` lists them all'
  throw new UserError(`${what}: no playbook "${shown}"; ${hint}`)
}
