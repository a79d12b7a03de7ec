import type { AssessmentRoute } from '../../reports/assessment.ts'
import type { DataAccess } from '../../tools/code/model.ts'
import * as tools from '../../tools/code/tool.ts'
import { UserError } from '../../tools/errors.ts'
import { oneLine } from '../text.ts'
import { type Binding, bind } from './binding.ts'
import { readLines, searchLines } from './files.ts'
import { cut, fenced, fitting, inline, pageOf } from './text.ts'

export const codeBindings: Binding[] = [
  bind(tools.listRoutes, async ({ mode, kind, path, limit, offset }, session, call) => {
    const { assessment } = await session.assessed(call)
    const wanted = assessment.routes.filter(
      route =>
        (mode === undefined || route.rendering?.mode === mode) &&
        (kind === undefined || route.kind === kind) &&
        (path === undefined || route.path.includes(path)),
    )
    const lines = wanted.map(route => ({
      path: inline(route.path),
      kind: route.kind,
      ...(route.name ? { name: inline(route.name, 80) } : {}),
      mode: route.rendering?.mode ?? null,
      revalidateSeconds: route.rendering?.revalidateSeconds ?? null,
      accesses: route.accesses.length,
      findings: assessment.findings.filter(({ status, routes }) => status === 'open' && routes.includes(route.path))
        .length,
      file: inline(route.file),
    }))
    const { items, ...page } = pageOf(lines, { limit, offset })
    return { ...page, routes: items }
  }),
  bind(tools.traceRoute, async ({ path, kind, name }, session, call) => {
    const assessed = await session.assessed(call)
    const route = findRoute(assessed.assessment.routes, path, kind, name)
    const model = assessed.facts.routes.find(({ path: own, file }) => own === route.path && file === route.file)
    const ids = new Set(route.accesses)
    const accesses = assessed.facts.accesses.filter(({ id }) => ids.has(id)).map(accessLine)
    const findings = assessed.assessment.findings
      .filter(({ status, routes, location }) => status === 'open' && concerns(route, routes, location.file))
      .map(({ key, playbook, severity, title }) => ({ key, playbook, severity, title: inline(title) }))
    const shown = { accesses: fitting(accesses, 6000), findings: fitting(findings, 5000) }
    return {
      path: inline(route.path),
      kind: route.kind,
      file: inline(route.line ? `${route.file}:${route.line}` : route.file),
      mode: route.rendering?.mode ?? null,
      revalidateSeconds: route.rendering?.revalidateSeconds ?? null,
      reasons: (route.rendering?.reasons ?? []).slice(0, 10).map(reason => inline(reason)),
      layouts: (model?.chain ?? []).filter(({ role }) => role === 'layout').map(({ file }) => inline(file)),
      accesses: shown.accesses,
      moreAccesses: accesses.length - shown.accesses.length,
      actions: (model?.actions ?? []).slice(0, 30).map(action => inline(action)),
      findings: shown.findings,
      moreFindings: findings.length - shown.findings.length,
    }
  }),
  bind(tools.explainAccess, async ({ access: wanted }, session, call) => {
    const { assessment, facts } = await session.assessed(call)
    const access = facts.accesses.find(({ id, file, line }) => id === wanted || `${file}:${line}` === wanted)
    if (!access)
      throw new UserError(`there is no data access ${oneLine(wanted, 100)}; trace_route and list_findings name places`)
    const findings = assessment.findings.filter(
      ({ status, location }) => status === 'open' && location.file === access.file && location.line === access.line,
    )
    return {
      access: accessLine(access),
      client: access.client,
      browser: access.browser,
      shapes: fitting(access.shapes.map(shapeOf), 8000),
      routes: access.routes.slice(0, 30).map(route => inline(route)),
      moreRoutes: Math.max(0, access.routes.length - 30),
      findings: findings.map(({ key, playbook, title }) => ({ key, playbook, title: inline(title) })),
    }
  }),
  bind(tools.searchCode, async ({ text, path, limit, offset }, session, call) => {
    const found = await searchLines(session, { text, path, signal: call.signal })
    const { items, ...page } = pageOf(found, { limit, offset })
    return { ...page, matches: fenced(items.join('\n')) }
  }),
  bind(tools.readFile, async ({ path, startLine, lines }, session) => {
    const all = readLines(session.root, path)
    const wanted = all.slice(startLine - 1, startLine - 1 + lines).map(line => line.slice(0, 500))
    const shown = fitting(wanted, 12_000)
    return {
      path: inline(path),
      startLine,
      endLine: startLine - 1 + shown.length,
      totalLines: all.length,
      text: fenced(cut(shown.map((line, index) => `${startLine + index}  ${line}`).join('\n'))),
    }
  }),
]

function concerns(route: AssessmentRoute, routes: readonly string[], file: string): boolean {
  return route.kind === 'action' ? file === route.file : routes.includes(route.path)
}

/** @throws UserError when there is none, or several */
function findRoute(routes: readonly AssessmentRoute[], path: string, kind?: string, name?: string): AssessmentRoute {
  const found = routes.filter(
    route =>
      route.path === path && (kind === undefined || route.kind === kind) && (name === undefined || route.name === name),
  )
  // A page is what a path means when nothing else is said.
  const chosen = found.length > 1 ? found.filter(route => route.kind === 'page') : found
  if (chosen.length === 1) return chosen[0]!
  if (found.length === 0) throw new UserError(`there is no route ${oneLine(path, 100)}; list_routes shows them`)
  const names = found.slice(0, 5).map(route => `${route.kind}${route.name ? ` ${route.name}` : ''}`)
  throw new UserError(`${oneLine(path, 100)} is several: ${names.join(', ')}; say kind or name`)
}

export function accessLine(access: DataAccess) {
  const bounds = [...new Set(access.shapes.map(boundOf))]
  return {
    id: access.id,
    what: inline(`${access.operation} ${access.table ?? access.rpc ?? '?'}`, 120),
    role: access.role,
    bound: bounds.join(' or '),
    inLoop: access.inLoop,
    place: inline(`${access.file}:${access.line}`),
  }
}

function boundOf(shape: DataAccess['shapes'][number]): string {
  if (shape.op !== 'select') return shape.op
  if (shape.head) return 'head'
  if (shape.limit) return shape.limit.value === undefined ? 'limit' : `limit ${shape.limit.value}`
  if (shape.range) return 'range'
  if (shape.single) return 'single'
  return shape.aggregate ? 'aggregate' : 'no limit'
}

function shapeOf(shape: DataAccess['shapes'][number]) {
  return {
    columns: shape.columns === null ? null : inline(shape.columns, 300),
    filters: shape.filters.map(({ column, op }) => inline(`${column ?? '?'} ${op}`, 100)),
    order: shape.order.map(column => inline(column, 100)),
    limit: shape.limit ? String(shape.limit.value ?? 'chosen at run time') : null,
    count: shape.count ?? null,
    embeds: shape.embeds.map(({ table, limited }) => inline(`${table}${limited ? ' (limited)' : ''}`, 100)),
  }
}
