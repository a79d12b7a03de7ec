import type { SchemaFunction, SchemaModel } from '../schema/model.ts'
import { findTable } from './indexes.ts'
import type { PartOutcome, RoleSettingRequest, SearchPathRequest, SecurityInvokerRequest } from './model.ts'
import { identifier, literal, qualifiedName, snake, splitName } from './quote.ts'

/** Migrations that set a property of a function, view or role. */

export function setSearchPath(request: SearchPathRequest, schema: SchemaModel): PartOutcome {
  const { schema: own, bare } = splitName(request.function)
  const wanted = request.arguments?.join(', ')
  const found = schema.functions.filter(
    f => f.schema === own && f.name === bare && (wanted === undefined || typesOf(f) === wanted),
  )
  const [target] = found
  if (!target) return { declined: `${request.function}(${wanted ?? ''}) is not in the schema` }
  if (found.length > 1)
    return { declined: `${request.function} has ${found.length} overloads: name the argument types` }
  if (!target.arguments) return { declined: `the arguments of ${request.function} are not known` }
  if (target.searchPath !== undefined) return { declined: `${request.function} sets its search_path already` }
  const value = request.value ?? todaysPath(schema)
  const kind = target.kind === 'procedure' ? 'procedure' : 'function'
  const signature = `${kind} ${qualifiedName(request.function)}(${typesOf(target)})`
  return {
    slug: `search_path_${snake(bare, 45)}`,
    transactional: true,
    locks: false,
    up: [`alter ${signature} set search_path = ${value === '' ? "''" : value}`],
    down: [`alter ${signature} reset search_path`],
    comment: [
      value === ''
        ? 'With an empty path every name in the body has to be qualified.'
        : 'The path under which the names of the body resolve today, so that no caller can put another one in its place.',
    ],
    notes: [],
  }
}

function typesOf(f: SchemaFunction): string {
  return (f.arguments ?? []).map(({ type }) => type).join(', ')
}

/** What a Supabase project's roles have, "$user" apart; temporary tables come last instead of first. */
function todaysPath(schema: SchemaModel): string {
  const hasExtensions = schema.extensions?.some(extension => extension.schema === 'extensions') ?? false
  return ['public', ...(hasExtensions ? ['extensions'] : []), 'pg_temp'].join(', ')
}

export function securityInvoker(request: SecurityInvokerRequest, schema: SchemaModel): PartOutcome {
  const view = findTable(schema, request.view)
  if (view?.kind !== 'view') return { declined: `${request.view} is not a view of the schema` }
  if (view.securityInvoker) return { declined: `${request.view} runs with the rights of who asks already` }
  const name = qualifiedName(request.view)
  return {
    slug: `security_invoker_${snake(view.name, 40)}`,
    transactional: true,
    locks: true,
    up: [`alter view ${name} set (security_invoker = true)`],
    down: [`alter view ${name} reset (security_invoker)`],
    comment: [
      'Whoever reads the view now needs the right to read its tables, and sees the rows that their policies show.',
    ],
    notes: [
      `Roles that read \`${request.view}\` need the right to read the tables below it, and see only the rows that these show them.`,
    ],
  }
}

/** Roles that a migration may give limits: those through which requests come. */
const API_ROLES = new Set(['anon', 'authenticated', 'service_role', 'authenticator'])

export function roleSetting(request: RoleSettingRequest): PartOutcome {
  const { role, setting, value, previous } = request
  if (!API_ROLES.has(role)) return { declined: `${role} is not one of the roles through which requests come` }
  if (!/^\d+\s*(ms|s|min|h)$/.test(value)) return { declined: `${value} is no duration with a unit, such as 8s` }
  const alter = `alter role ${identifier(role)}`
  const notify = `notify pgrst, 'reload config'`
  return {
    slug: `${setting}_${snake(role, 20)}`,
    transactional: true,
    locks: false,
    up: [`${alter} set ${setting} = ${literal(value)}`, notify],
    down: [
      previous === undefined ? `${alter} reset ${setting}` : `${alter} set ${setting} = ${literal(previous)}`,
      notify,
    ],
    comment: ['Counts for sessions that begin afterwards; the data API is told to read it anew.'],
    notes: [],
  }
}
