import type { Node } from 'libpg-query'
import type { SourceLocation } from '../../gathered.ts'
import { blockParts } from '../fold/blocks.ts'
import { itemsOf, qualified, stringOf, stringsOf } from '../sql/ast.ts'
import { type ParsedStatement, parseStatement } from '../sql/parse.ts'
import type { SqlFailure } from './query.ts'

/** Why a statement failed, by name. */
export type Cause =
  | 'missing-object'
  | 'already-exists'
  | 'enum-value-in-same-transaction'
  | 'not-in-a-transaction'
  | 'syntax'
  | 'permission'
  | 'refused'
  | 'runaway'
  | 'data'
  | 'raised'
  | 'invalid-definition'
  | 'stand-in'
  | 'other'

export interface ReplayFailure {
  location: SourceLocation
  /** First words of the statement. */
  statement: string
  /** SQLSTATE. */
  code: string
  message: string
  cause: Cause
  /** The failure that made this one; absent on root failures. */
  because?: SourceLocation
  /** True when a real Supabase would have accepted the statement: the fault is the shadow's. */
  ours: boolean
  /** The statement was applied after all, outside the file's transaction. */
  recovered?: boolean
}

const CAUSES: [RegExp, Cause][] = [
  [/^55P04$/, 'enum-value-in-same-transaction'],
  [/^25/, 'not-in-a-transaction'],
  [/^(42P01|42703|42883|42704|3F000|42P02)$/, 'missing-object'],
  [/^(42P07|42710|42723|42701|42P06|42P04)$/, 'already-exists'],
  [/^42601$/, 'syntax'],
  [/^42501$/, 'permission'],
  [/^(57014|57P01|53)/, 'runaway'],
  [/^(23|22)/, 'data'],
  [/^P0/, 'raised'],
  [/^(42|0A|2B)/, 'invalid-definition'],
]

export function causeOf(failure: SqlFailure): Cause {
  if (failure.message.startsWith('refused:')) return 'refused'
  // No operator for these types: a mistake in the expression, no object that somebody forgot.
  if (failure.code === '42883' && failure.message.includes('operator')) return 'invalid-definition'
  return CAUSES.find(([pattern]) => pattern.test(failure.code))?.[1] ?? 'other'
}

/** Schemas that the shadow fills with stand-ins: what is missing there is our gap, not the app's. */
const OUR_SCHEMAS =
  /\b(auth|storage|realtime|vault|graphql|graphql_public|net|cron|pgmq|pgsodium|extensions|supabase_functions)\./

/** Types that are stand-ins: what cannot be done with them may well work with the real ones. */
const STAND_IN_TYPES = /\b(vector|halfvec|sparsevec|geometry|geography)\b/
const STAND_IN_SCHEMAS = /\b(pgmq|cron|net|vault|graphql|pgsodium)\./

/** Whether the fault is the shadow's. `unknown` are extensions without a stand-in that were asked for so far. */
export function isOurs(failure: SqlFailure, cause: Cause, unknown: Set<string>, sql: string): boolean {
  if (cause === 'stand-in') return true
  if (STAND_IN_TYPES.test(failure.message) || /stand-in|language "(plv8|plls|plcoffee)"/.test(failure.message))
    return true
  if (cause === 'permission') return STAND_IN_SCHEMAS.test(sql)
  if (cause !== 'missing-object') return false
  if (OUR_SCHEMAS.test(failure.message)) return true
  return unknown.size > 0 && /^(42883|42704)$/.test(failure.code)
}

/** What went missing because of failed statements: name → where it should have been made. */
export interface Missing {
  /** Takes note of what a failed statement would have made. */
  failed(statement: ParsedStatement, location: SourceLocation, parser: Parser): void
  /** Takes note of what a failure said is missing, so that later ones follow from it. */
  absent(failure: SqlFailure, location: SourceLocation): void
  /** Where the object that this failure misses should have been made. */
  rootOf(failure: SqlFailure): SourceLocation | undefined
}

type Parser = Parameters<typeof parseStatement>[0]

export function createMissing(): Missing {
  const made = new Map<string, SourceLocation>()
  return {
    failed(statement, location, parser) {
      for (const name of definedNames(statement, parser)) if (!made.has(name)) made.set(name, location)
    },
    absent(failure, location) {
      if (causeOf(failure) !== 'missing-object') return
      const name = missingNames(failure)[0]
      if (name && !made.has(name)) made.set(name, location)
    },
    rootOf(failure) {
      if (causeOf(failure) !== 'missing-object') return undefined
      for (const name of missingNames(failure)) {
        const root = made.get(name)
        if (root) return root
      }
      return undefined
    },
  }
}

/** Objects that a failure says do not exist: `relation "a.b" does not exist`, `function f(uuid) does not exist`. */
function missingNames({ message }: SqlFailure): string[] {
  const names = [...message.matchAll(/"([^"]+)"/g)].map(match => match[1]!)
  const bare = /(?:function|type|column|operator class|policy|procedure|trigger)\s+([\w.]+)/.exec(message)?.[1]
  if (bare) names.unshift(bare)
  return names.flatMap(name => [name, name.split('.').at(-1)!]).filter((name, i, all) => all.indexOf(name) === i)
}

/** Bare names of what a statement defines, those of a DO block included. */
function definedNames(statement: ParsedStatement, parser: Parser): string[] {
  if ('DoStmt' in statement.node) {
    return blockParts(statement, statement.node.DoStmt).flatMap(part => {
      if (part.kind === 'dynamic') return []
      const inner = parseStatement(parser, statement.source, part.sql, part.start)
      return 'error' in inner ? [] : namesOf(inner.node)
    })
  }
  return namesOf(statement.node)
}

function namesOf(node: Node): string[] {
  if ('CreateStmt' in node) {
    const columns = (node.CreateStmt.tableElts ?? []).flatMap(element =>
      'ColumnDef' in element ? [`${node.CreateStmt.relation?.relname}.${element.ColumnDef.colname}`] : [],
    )
    return [node.CreateStmt.relation?.relname ?? '', ...columns]
  }
  if ('CreateTableAsStmt' in node) return [node.CreateTableAsStmt.into?.rel?.relname ?? '']
  if ('ViewStmt' in node) return [node.ViewStmt.view?.relname ?? '']
  if ('CreateFunctionStmt' in node) return [qualified(node.CreateFunctionStmt.funcname).name]
  if ('CreateEnumStmt' in node) return [qualified(node.CreateEnumStmt.typeName).name]
  if ('CompositeTypeStmt' in node) return [node.CompositeTypeStmt.typevar?.relname ?? '']
  if ('CreateDomainStmt' in node) return [qualified(node.CreateDomainStmt.domainname).name]
  if ('CreateSchemaStmt' in node) return [node.CreateSchemaStmt.schemaname ?? '']
  if ('CreateSeqStmt' in node) return [node.CreateSeqStmt.sequence?.relname ?? '']
  if ('IndexStmt' in node) return [node.IndexStmt.idxname ?? '']
  if ('CreatePolicyStmt' in node) return [node.CreatePolicyStmt.policy_name ?? '']
  if ('CreateTrigStmt' in node) return [node.CreateTrigStmt.trigname ?? '']
  if ('CreateRoleStmt' in node) return [node.CreateRoleStmt.role ?? '']
  if ('RenameStmt' in node) return [node.RenameStmt.newname ?? '']
  if ('AlterEnumStmt' in node) return [node.AlterEnumStmt.newVal ?? '']
  if ('DefineStmt' in node)
    return stringsOf(itemsOf(node.DefineStmt.defnames?.at(-1))).concat(stringOf(node.DefineStmt.defnames?.at(-1)) ?? [])
  if ('AlterTableStmt' in node) {
    return (node.AlterTableStmt.cmds ?? []).flatMap(command => {
      const def = 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined
      if (def && 'ColumnDef' in def) return [def.ColumnDef.colname ?? '']
      return def && 'Constraint' in def ? [def.Constraint.conname ?? ''] : []
    })
  }
  return []
}
