import type { AlterPolicyStmt, CreatePolicyStmt } from 'libpg-query'
import type { SchemaPolicy } from '../model.ts'
import { relationName, roleNames } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { clause } from '../sql/spans.ts'
import { type Catalog, extent, findTable, touchTable } from './catalog.ts'

const COMMANDS: readonly string[] = ['all', 'select', 'insert', 'update', 'delete'] satisfies SchemaPolicy['command'][]

export function createPolicy(catalog: Catalog, statement: ParsedStatement, stmt: CreatePolicyStmt): void {
  const table = touchTable(catalog, relationName(stmt.table), extent(statement))
  const name = stmt.policy_name ?? ''
  if (table.policies.some(policy => policy.name === name)) return
  const command = stmt.cmd_name ?? 'all'
  table.policies.push({
    name,
    permissive: stmt.permissive === true,
    command: COMMANDS.includes(command) ? (command as SchemaPolicy['command']) : 'all',
    roles: roleNames(stmt.roles),
    ...expressions(statement, stmt),
    location: extent(statement),
  })
}

/** A policy whose expressions are altered is defined, from then on, where they were altered. */
export function alterPolicy(catalog: Catalog, statement: ParsedStatement, stmt: AlterPolicyStmt): void {
  const policy = findTable(catalog, relationName(stmt.table))?.policies.find(({ name }) => name === stmt.policy_name)
  if (!policy) return
  if (stmt.roles?.length) policy.roles = roleNames(stmt.roles)
  if (stmt.qual || stmt.with_check) Object.assign(policy, expressions(statement, stmt), { location: extent(statement) })
}

function expressions(
  statement: ParsedStatement,
  stmt: CreatePolicyStmt | AlterPolicyStmt,
): Pick<SchemaPolicy, 'using' | 'withCheck'> {
  const using = stmt.qual ? clause(statement.sql, 'USING') : undefined
  const withCheck = stmt.with_check ? clause(statement.sql, 'WITH', 'CHECK') : undefined
  return { ...(using !== undefined && { using }), ...(withCheck !== undefined && { withCheck }) }
}
