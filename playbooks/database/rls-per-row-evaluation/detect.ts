import type { SchemaFunction, SchemaModel, SchemaPolicy, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import { planEvidence, planOf, policyProposalId } from '../../plans.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, asksCaller, callText, expressionsOf, ownTables } from '../../policies.ts'
import { at, isReferenceTable } from '../../shared.ts'
import { callsIn, type SqlCall, type SqlNode } from '../../sql.ts'

/** Policies that ask who the caller is once a row instead of once a statement. */
export function detect(input: DetectInput): DetectedFinding[] {
  return perRowPolicies(input.schema).map(({ table, policy, bare, helpers }) => {
    const asked = [...bare, ...helpers]
    return {
      title: `The policy "${policy.name}" on \`${table.name}\` evaluates ${asked.join(' and ')} for every row`,
      location: at(policy.location.file, policy.location.line),
      evidence: [
        {
          text: `${asked.join(', ')} ${asked.length > 1 ? 'stand' : 'stands'} outside of a (select …), so the value is not computed once for the statement`,
          location: at(policy.location.file, policy.location.line),
        },
        ...planEvidence(input.plans, planOf(input.plans, policyProposalId(table, policy)), 'wrapped in (select …)'),
      ],
      object: `${table.schema}.${table.name} ${policy.name}`,
      severity: severityOf(input, table, policy, helpers.length > 0),
      confidence: bare.length > 0 ? ('high' as const) : ('medium' as const),
    }
  })
}

export interface PerRowPolicy {
  table: SchemaTable
  policy: SchemaPolicy
  /** Calls that ask who the caller is, e.g. "auth.uid()". */
  bare: string[]
  /** Calls of the app's own functions that look into tables, e.g. "private.is_admin()". */
  helpers: string[]
}

/** In the order of the tables. */
export function perRowPolicies(schema: SchemaModel | undefined): PerRowPolicy[] {
  if (!schema) return []
  return ownTables(schema).flatMap(table =>
    activePolicies(table).flatMap(policy => {
      const calls = expressionsOf(policy).flatMap(tree => callsIn(tree))
      const bare = names(calls.filter(call => !call.once && asksCaller(call)))
      const helpers = names(calls.filter(call => isHelper(schema, call)))
      return bare.length + helpers.length > 0 ? [{ table, policy, bare, helpers }] : []
    }),
  )
}

function names(calls: readonly SqlCall[]): string[] {
  return [...new Set(calls.map(callText))]
}

/** A function of the app that reads tables and takes nothing of the row: its result is the same for all rows. */
function isHelper(schema: SchemaModel, call: SqlCall): boolean {
  if (call.once || call.source || !takesNoColumn(call.args)) return false
  const candidates = schema.functions.filter(
    f => f.name === call.name && (call.schema === undefined || f.schema === call.schema),
  )
  return candidates.length > 0 && candidates.every(f => !f.returnsSet && readsTables(f))
}

function readsTables(f: SchemaFunction): boolean {
  return /\bfrom\s+[a-z_"]/i.test(f.body)
}

/** Literals, casts and calls about the caller only. */
function takesNoColumn(args: readonly SqlNode[]): boolean {
  return args.every((node, i) => {
    if (node.kind === 'group') return takesNoColumn(node.items)
    if (node.kind === 'string' || node.kind === 'number' || node.kind === 'punct') return true
    if (node.kind === 'quoted') return false
    const before = args[i - 1]
    const isType = before?.kind === 'punct' && before.text === '::'
    const next = args[i + 1]
    const isCaller =
      (node.text === 'auth' && next?.kind === 'punct') ||
      (before?.kind === 'punct' && before.text === '.' && next?.kind === 'group')
    return isType || isCaller || ['select', 'true', 'false', 'null', 'as', 'text', 'uuid'].includes(node.text)
  })
}

/** An inserted row is judged once; a table of reference data has few rows to judge. */
function severityOf(
  input: DetectInput,
  table: SchemaTable,
  policy: SchemaPolicy,
  helper: boolean,
): 'high' | 'medium' | 'low' {
  if (policy.command === 'insert') return 'low'
  if (isReferenceTable(input, { table: table.name, schema: table.schema })) return 'low'
  return helper && policy.command !== 'update' && policy.command !== 'delete' ? 'high' : 'medium'
}
