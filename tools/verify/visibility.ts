import type { Client } from 'pg'
import type { SchemaModel } from '../schema/model.ts'
import { type Cells, type Context, differingCells, type ProbedTable, probe } from './matrix.ts'
import type { ProofCheck } from './proof.ts'

/** The filled database before any change, and what everybody gets out of it. */
export interface Baseline {
  tables: ProbedTable[]
  contexts: Context[]
  cells: Cells
  /** Tables that could not be filled: nothing is proven about their rows. */
  empty: string[]
  mutation: MutationScore
}

export interface MutationScore {
  tried: number
  noticed: number
  /** Mutants that no cell noticed. */
  missed: string[]
}

/** Deliberate changes that are tried at most; each probes its table again. */
const MOST_MUTANTS = 150

/**
 * How good the cells are at noticing what they are for: policies are dropped, opened and closed one after the other, and each time
 * the cells of their table are looked at again.
 */
export async function mutate(
  owner: Client,
  schema: SchemaModel,
  { tables, contexts, cells }: Pick<Baseline, 'tables' | 'contexts' | 'cells'>,
  signal?: AbortSignal,
): Promise<MutationScore> {
  const score: MutationScore = { tried: 0, noticed: 0, missed: [] }
  const mutants = mutantsOf(owner, schema)
  const step = Math.max(1, Math.ceil(mutants.length / MOST_MUTANTS))
  for (const mutant of mutants.filter((_, index) => index % step === 0)) {
    signal?.throwIfAborted()
    const table = tables.find(({ schema: own, name }) => own === mutant.schema && name === mutant.table)
    if (!table) continue
    const after = await probe(owner, [table], contexts, { first: mutant.sql, signal }).catch(() => undefined)
    // A mutant that cannot be made (a policy of the platform's) is none.
    if (!after) continue
    score.tried++
    const same = [...after].every(([name, value]) => cells.get(name) === value)
    if (same) score.missed.push(mutant.name)
    else score.noticed++
  }
  return score
}

interface Mutant {
  name: string
  schema: string
  table: string
  sql: string
}

function mutantsOf(owner: Client, { tables }: SchemaModel): Mutant[] {
  const quote = (name: string): string => owner.escapeIdentifier(name)
  return tables.flatMap(({ schema, name: table, platform, rowLevelSecurity, policies }) => {
    if (platform || !rowLevelSecurity) return []
    return policies.flatMap(({ name, using, withCheck, command }) => {
      const target = `${quote(name)} on ${quote(schema)}.${quote(table)}`
      const own = (what: string, sql: string): Mutant => ({
        name: `${schema}.${table} "${name}" ${what}`,
        schema,
        table,
        sql,
      })
      const each: Mutant[] = [own('dropped', `drop policy ${target}`)]
      if (using !== undefined && command !== 'insert') {
        if (!isConstant(using, true)) each.push(own('for everybody', `alter policy ${target} using (true)`))
        if (!isConstant(using, false)) each.push(own('for nobody', `alter policy ${target} using (false)`))
      }
      if (withCheck !== undefined && !isConstant(withCheck, true) && command !== 'select' && command !== 'delete')
        each.push(own('accepting everything', `alter policy ${target} with check (true)`))
      return each
    })
  })
}

/** One answer of each command on each table, before more of the same. */
function variedFirst(cells: readonly string[]): string[] {
  const seen = new Set<string>()
  const kind = (cell: string): string => cell.split(' ').slice(0, 2).join(' ')
  const first = cells.filter(cell => !seen.has(kind(cell)) && seen.add(kind(cell)))
  return [...first, ...cells.filter(cell => !first.includes(cell))]
}

/** A mutant that says the same as the policy is none. */
function isConstant(expression: string, value: boolean): boolean {
  return expression.replace(/[()\s]/g, '').toLowerCase() === String(value)
}

/** Whether anybody gets something else out of the changed database. */
export function compareVisibility(before: Baseline, after: Cells): ProofCheck {
  const name = 'visibility'
  const differ = differingCells(before.cells, after)
  const { tried, noticed } = before.mutation
  const who = `${before.tables.length} tables × ${before.contexts.length} callers × select, insert, update, delete: ${before.cells.size} answers`
  const score =
    tried === 0
      ? 'there is no policy to test them with'
      : `they notice ${noticed} of ${tried} deliberate changes to policies`
  if (differ.length > 0)
    return {
      name,
      status: 'failed',
      summary: `${differ.length} of ${who} differ`,
      detail: variedFirst(differ).slice(0, 50),
    }
  const empty = before.empty.length > 0 ? `; ${before.empty.length} tables could not be filled` : ''
  const detail = [
    ...before.empty.map(table => `not filled: ${table}`),
    ...before.mutation.missed.slice(0, 20).map(mutant => `would not be noticed: ${mutant}`),
  ]
  return { name, status: 'passed', summary: `no difference observed in ${who} (${score})${empty}`, detail }
}
