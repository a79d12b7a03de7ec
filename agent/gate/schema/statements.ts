import type { Node } from 'libpg-query'
import { blockParts } from '../../../tools/schema/fold/blocks.ts'
import type { ExecutedStatement } from '../../../tools/schema/shadow/many.ts'
import { constantText, qualified, relationName } from '../../../tools/schema/sql/ast.ts'
import { loadParser, type ParsedStatement, parseStatement, type ScriptItem } from '../../../tools/schema/sql/parse.ts'
import { sourceText } from '../../../tools/schema/sql/text.ts'
import type { GateReason } from '../verdict.ts'
import { brief } from './compare.ts'
import { hazardOf } from './functions.ts'
import type { Snapshot } from './snapshot.ts'
import { words } from './tokens.ts'

/** What a single statement is by itself, where the catalogs afterwards cannot tell. */
export interface StatementFinding {
  reason: GateReason
  /** The statement cannot be judged, rather than being known to be bad. */
  undecided?: boolean
}

interface Context {
  /** Undefined without a server: nothing is known to be new then. */
  before: Snapshot | undefined
  executed: ExecutedStatement[] | undefined
}

const bad = (
  item: { source: { file: string; line(offset: number): number }; start: number; sql: string },
  rule: string,
  object: string,
  evidence: string,
): StatementFinding => ({
  reason: { rule, object, evidence, file: item.source.file, line: item.source.line(item.start) },
})

/** Statements of changed files: data that they touch, functions that they call, switches that they set, DO blocks. */
export async function judgeStatements(items: readonly ScriptItem[], context: Context): Promise<StatementFinding[]> {
  const out: StatementFinding[] = []
  for (const item of items) {
    if ('copyRows' in item) out.push(bad(item, 'data-write', 'COPY', `${item.copyRows} rows are copied in`))
    else if ('error' in item) out.push({ ...bad(item, 'unparsable', brief(item.sql, 60), item.error), undecided: true })
    else out.push(...(await judgeStatement(item, context)))
  }
  return out
}

async function judgeStatement(item: ParsedStatement, context: Context): Promise<StatementFinding[]> {
  const { node } = item
  const out = [...dataRules(item, node, context.before), ...callRules(item, node)]
  if ('DoStmt' in node) out.push(...(await blockRules(item, context)))
  if ('VariableSetStmt' in node && !isHarmlessSetting(node.VariableSetStmt))
    out.push(bad(item, 'setting', `SET ${node.VariableSetStmt.name ?? ''}`, brief(item.sql)))
  const kind = Object.keys(node)[0] ?? ''
  const rule = UNUSUAL[kind]
  if (rule) out.push(bad(item, rule, kind, brief(item.sql)))
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_EVENT_TRIGGER')
    out.push(bad(item, 'unusual-object', 'event trigger', brief(item.sql)))
  if ('CreatePublicationStmt' in node && node.CreatePublicationStmt.for_all_tables)
    out.push(bad(item, 'publication', node.CreatePublicationStmt.pubname ?? '', 'nothing → every table is published'))
  if ('CreateExtensionStmt' in node && !context.before && !(node.CreateExtensionStmt.options ?? []).length)
    out.push(
      bad(item, 'extension', node.CreateExtensionStmt.extname ?? '', 'extension without a schema: it goes to public'),
    )
  if ('CommentStmt' in node && hazardousComment(node.CommentStmt.comment ?? ''))
    out.push(bad(item, 'agent-instructions', 'COMMENT', brief(node.CommentStmt.comment ?? '')))
  return out
}

/** Kinds that the replay leaves out, or that hide what they do. */
const UNUSUAL: Record<string, string> = {
  CreateEventTrigStmt: 'unusual-object',
  AlterEventTrigStmt: 'unusual-object',
  SecLabelStmt: 'unusual-object',
  AlterExtensionStmt: 'extension',
  AlterExtensionContentsStmt: 'extension',
  AlterObjectSchemaStmt: 'object-moved',
  PrepareStmt: 'hidden-statement',
  ExecuteStmt: 'hidden-statement',
  AlterSystemStmt: 'setting',
  LoadStmt: 'setting',
  CopyStmt: 'data-write',
  MergeStmt: 'data-change',
  TruncateStmt: 'data-loss',
  CreateSubscriptionStmt: 'unusual-object',
  AlterSubscriptionStmt: 'unusual-object',
  CreatedbStmt: 'unusual-object',
  DropdbStmt: 'data-loss',
  DropOwnedStmt: 'data-loss',
  ReassignOwnedStmt: 'owner-changed',
  DropRoleStmt: 'role-lost',
  ImportForeignSchemaStmt: 'foreign-table',
  CreateUserMappingStmt: 'foreign-table',
}

const SETTINGS =
  /^(search_path|statement_timeout|lock_timeout|idle_in_transaction_session_timeout|transaction_timeout|maintenance_work_mem|work_mem|max_parallel_maintenance_workers|client_encoding|standard_conforming_strings|check_function_bodies|xmloption|client_min_messages|default_tablespace|default_table_access_method|timezone|datestyle|intervalstyle|bytea_output)$/i

function isHarmlessSetting(stmt: { kind?: string; name?: string; is_local?: boolean }): boolean {
  return stmt.kind === 'VAR_RESET' || stmt.kind === 'VAR_RESET_ALL' || SETTINGS.test(stmt.name ?? '')
}

function hazardousComment(text: string): boolean {
  return /\b(ignore|disregard|forget)\b.{0,40}\b(previous|prior|above|all|instructions?|rules?)\b/i.test(text)
}

type Tree = { [key: string]: unknown }

/** Every node below (and with) a node, as [kind, value]. */
function* walk(value: unknown): Generator<[string, Tree]> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item)
  else if (value && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) {
      if (inner && typeof inner === 'object' && !Array.isArray(inner)) yield [key, inner as Tree]
      yield* walk(inner)
    }
}

type Place = { source: { file: string; line(offset: number): number }; start: number; sql: string }

/** Rows that are changed or taken away, wherever in the statement (a WITH clause, EXPLAIN ANALYZE). */
function dataRules(item: Place, node: Node, before: Snapshot | undefined): StatementFinding[] {
  const out: StatementFinding[] = []
  // Bodies are judged as functions and blocks, not as what the migration itself does.
  if ('CreateFunctionStmt' in node || 'DoStmt' in node || 'RuleStmt' in node) return out
  for (const [kind, value] of walk(node)) {
    const relation = value.relation as Parameters<typeof relationName>[0]
    const known = (name: { schema?: string; name: string }) => isKnown(before, name)
    if (kind === 'DeleteStmt' && known(relationName(relation)))
      out.push(bad(item, 'data-loss', `rows of ${relationName(relation).name}`, brief(item.sql)))
    if (kind === 'UpdateStmt' && !onlyNewColumns(before, relationName(relation), value.targetList))
      out.push(bad(item, 'data-change', `rows of ${relationName(relation).name}`, brief(item.sql)))
    if (kind === 'InsertStmt' && known(relationName(relation)))
      out.push(bad(item, 'data-write', `rows of ${relationName(relation).name}`, brief(item.sql)))
  }
  return out
}

/** What the storage and cron tables hold is compared afterwards. */
const COMPARED = /^(storage\.buckets|cron\.job)$/

function isKnown(before: Snapshot | undefined, { schema, name }: { schema?: string; name: string }): boolean {
  if (COMPARED.test(`${schema}.${name}`)) return false
  if (!before) return true
  const names = schema ? [`${schema}.${name}`] : [...before.relations.keys()].filter(key => key.endsWith(`.${name}`))
  return names.some(key => before.relations.has(key))
}

/** A backfill of columns that the change itself adds loses nothing. */
function onlyNewColumns(
  before: Snapshot | undefined,
  table: { schema?: string; name: string },
  targets: unknown,
): boolean {
  if (!isKnown(before, table)) return true
  const columns =
    (targets as Tree[] | undefined)?.map(target => (target.ResTarget as { name?: string } | undefined)?.name ?? '') ??
    []
  const key = `${table.schema ?? 'public'}.${table.name}`
  return (
    before !== undefined &&
    columns.length > 0 &&
    columns.every(column => column !== '' && !before.columns.has(`${key}.${column}`))
  )
}

const REACHING_OUT = /^(http|http_get|http_post|http_put|http_delete|http_head|http_patch|dblink\w*|net\.\w+)$/
const DANGEROUS_CALL =
  /^(set_config|setval|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_read_\w+|pg_ls_\w+|pg_stat_file|lo_\w+|query_to_xml\w*|table_to_xml\w*|database_to_xml\w*|pg_sleep\w*|pg_switch_wal|pg_create_restore_point|pg_rotate_logfile|pg_logical_\w+|pg_replication_\w+)$/

function callRules(item: Place, node: Node): StatementFinding[] {
  const out: StatementFinding[] = []
  if ('CreateFunctionStmt' in node) return out
  for (const [kind, value] of walk(node)) {
    if (kind !== 'FuncCall') continue
    const { schema, name } = qualified(value.funcname as Node[])
    const full = schema && schema !== 'pg_catalog' ? `${schema}.${name}` : name
    if (REACHING_OUT.test(full) || REACHING_OUT.test(name) || schema === 'net' || schema === 'http')
      out.push(bad(item, 'data-sent-out', full, brief(item.sql)))
    else if (DANGEROUS_CALL.test(name)) out.push(bad(item, 'dangerous-call', full, brief(item.sql)))
    else if (schema === 'cron') out.push(...cronRules(item, name, (value.args as Node[] | undefined) ?? []))
    else if (schema === 'vault' || schema === 'pgsodium') out.push(bad(item, 'dangerous-call', full, brief(item.sql)))
  }
  return out
}

function cronRules(item: Place, name: string, args: Node[]): StatementFinding[] {
  if (name !== 'schedule') return [bad(item, 'job-changed', `cron.${name}`, brief(item.sql))]
  const command = constantText(args.at(-1))
  if (command === undefined)
    return [
      {
        ...bad(item, 'job', 'cron.schedule', 'the command of the job is put together: it cannot be read'),
        undecided: true,
      },
    ]
  const text = words(command)
  if (/^refresh materialized view|^analyze\b|^vacuum\b/.test(text)) return []
  if (
    /^select [\w". ]+ \([^()]*\)$/.test(text) &&
    !hazardOf(command) &&
    !/ (cron|net|vault|auth|storage) \. /.test(` ${text}`)
  )
    return []
  return [bad(item, 'job', 'cron.schedule', brief(command))]
}

/** A DO block: what it ran is in the catalogs and in the server's list; what it did not run is judged by its text. */
async function blockRules(item: ParsedStatement, context: Context): Promise<StatementFinding[]> {
  if (!('DoStmt' in item.node)) return []
  const parser = await loadParser()
  const out: StatementFinding[] = []
  const body = bodyOf(item.node.DoStmt.args ?? [])
  const text = words(body)
  const ran = new Set((context.executed ?? []).filter(({ toplevel }) => !toplevel).map(({ text: sql }) => words(sql)))
  for (const verb of ['delete from', 'truncate', 'merge into', 'copy']) {
    if (new RegExp(String.raw`\b${verb}\b`).test(text))
      out.push(bad(item, 'data-loss', 'DO block', `${verb}: ${brief(body)}`))
  }
  for (const match of text.matchAll(/\b(?:update|insert into) [^;]+/g)) {
    if (/^update (of|or|skip)\b/.test(match[0])) continue
    const inner = parseStatement(parser, sourceText(item.source.file, match[0]), match[0], 0)
    if ('error' in inner) out.push({ ...bad(item, 'data-change', 'DO block', brief(match[0])), undecided: true })
    else out.push(...dataRules(item, inner.node, context.before))
  }
  if (/\bhttp_(get|post|put|delete)\b|\bnet \. |\bdblink/.test(text))
    out.push(bad(item, 'data-sent-out', 'DO block', brief(body)))
  if (/\bsession_replication_role\b|\brow_security\b|\bset role\b|\bset local role\b/.test(text))
    out.push(bad(item, 'setting', 'DO block', brief(body)))
  if (/\bcron \. (un)?schedule\b/.test(text))
    out.push({ ...bad(item, 'job', 'DO block', brief(body)), undecided: true })
  for (const part of blockParts(item, item.node.DoStmt)) {
    if (part.kind === 'dynamic') out.push(...dynamicRules(item, part.sql, ran))
    else if (!ran.has(words(part.sql))) {
      const inner = parseStatement(parser, item.source, part.sql, part.start)
      const verdict = 'error' in inner ? { undecided: true, why: inner.error } : alone(inner.node)
      if (verdict)
        out.push({
          ...bad(item, 'not-replayed', brief(part.sql, 80), `did not run in the replay: ${verdict.why}`),
          undecided: verdict.undecided,
        })
    }
  }
  if (context.executed === undefined && /\bexecute\b/.test(text))
    out.push({ ...bad(item, 'dynamic-sql', 'DO block', brief(body)), undecided: true })
  return out
}

function bodyOf(args: Node[]): string {
  for (const node of args)
    if ('DefElem' in node && node.DefElem.defname === 'as')
      return node.DefElem.arg && 'String' in node.DefElem.arg ? (node.DefElem.arg.String.sval ?? '') : ''
  return ''
}

/** EXECUTE of text that is put together: something that begins as its literal parts do must have run. */
function dynamicRules(item: ParsedStatement, sql: string, ran: Set<string>): StatementFinding[] {
  const literals = [...sql.matchAll(/'((?:[^']|'')*)'|\$\w*\$([\s\S]*?)\$\w*\$/g)].map(match =>
    words((match[1] ?? match[2] ?? '').replaceAll("''", "'")),
  )
  const opening = literals.find(text => text.trim() !== '')
  const start = opening
    ?.split(/ ?%| \|\|/)[0]
    ?.split(' ')
    .slice(0, 2)
    .join(' ')
  if (start && [...ran].some(text => text.startsWith(start))) return []
  if (!start && [...ran].some(text => /^(create|alter|drop|grant|revoke|comment|analyze)\b/.test(text))) return []
  if (opening && /^(create (unique )?index|analyze|comment on|reindex)\b/.test(opening)) return []
  return [
    {
      ...bad(item, 'dynamic-sql', brief(sql, 80), 'put together at run time, and it did not run in the replay'),
      undecided: true,
    },
  ]
}

/** A statement that could not be replayed (its table is not in the fragment): harmless by its kind, bad, or not to be judged. */
export function alone(node: Node): { undecided: boolean; why: string } | undefined {
  if ('IndexStmt' in node) return undefined
  if (
    'CommentStmt' in node ||
    'VacuumStmt' in node ||
    'CreateStatsStmt' in node ||
    'ReindexStmt' in node ||
    'RefreshMatViewStmt' in node
  )
    return undefined
  if ('TransactionStmt' in node || 'VariableSetStmt' in node || 'VariableShowStmt' in node || 'LockStmt' in node)
    return undefined
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_INDEX') return undefined
  if ('GrantStmt' in node && node.GrantStmt.is_grant !== true) return undefined
  if ('AlterTableStmt' in node) {
    const commands = (node.AlterTableStmt.cmds ?? []).map(command =>
      'AlterTableCmd' in command ? (command.AlterTableCmd.subtype ?? '') : '',
    )
    if (commands.every(command => HARMLESS_COMMANDS.has(command))) return undefined
    const harmful = commands.find(command => HARMFUL_COMMANDS.has(command))
    if (harmful) return { undecided: false, why: harmful.replace(/^AT_/, '') }
  }
  if ('GrantStmt' in node || 'GrantRoleStmt' in node || 'AlterDefaultPrivilegesStmt' in node)
    return { undecided: false, why: 'grants rights' }
  if ('DropStmt' in node)
    return { undecided: false, why: `drops ${String(node.DropStmt.removeType).replace('OBJECT_', '').toLowerCase()}` }
  return { undecided: true, why: 'what it acts on is not among the files' }
}

const HARMLESS_COMMANDS = new Set([
  'AT_EnableRowSecurity',
  'AT_ForceRowSecurity',
  'AT_AddColumn',
  'AT_AddConstraint',
  'AT_ValidateConstraint',
  'AT_SetStatistics',
  'AT_SetNotNull',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_ClusterOn',
  'AT_DropCluster',
  'AT_EnableTrig',
])
const HARMFUL_COMMANDS = new Set([
  'AT_DisableRowSecurity',
  'AT_NoForceRowSecurity',
  'AT_DropColumn',
  'AT_DropConstraint',
  'AT_DropNotNull',
  'AT_DisableTrig',
  'AT_DisableTrigAll',
  'AT_DisableTrigUser',
  'AT_ChangeOwner',
  'AT_SetUnLogged',
])

/** Statements that functions, triggers and blocks ran while the change was replayed: rows that they touched. */
export async function judgeExecuted(
  executed: ExecutedStatement[],
  before: Snapshot,
  file: string,
): Promise<StatementFinding[]> {
  const parser = await loadParser()
  const out: StatementFinding[] = []
  for (const { text, toplevel } of executed) {
    if (toplevel) continue
    const source = sourceText(file, text)
    const inner = parseStatement(parser, source, text, 0)
    if ('error' in inner) continue
    if ('TruncateStmt' in inner.node) out.push(bad(inner, 'data-loss', 'rows', `ran inside a block: ${brief(text)}`))
    out.push(
      ...dataRules(inner, inner.node, before).map(finding => ({
        ...finding,
        reason: { ...finding.reason, evidence: `ran inside a block: ${finding.reason.evidence}` },
      })),
    )
  }
  return out.map(finding => ({ ...finding, reason: { ...finding.reason, line: undefined } }))
}
