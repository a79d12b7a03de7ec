import type { Endpoint, ReachedEffect, RouteModel } from '../../../tools/code/model.ts'
import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { changeFor, listed } from '../../fixes/change.ts'
import {
  applyEdits,
  type Edit,
  endOf,
  importEdit,
  indentOf,
  isDirective,
  lineOf,
  newlineOf,
  openScript,
  quoteOf,
  removeStatement,
  type Script,
  ts,
} from '../../fixes/script.ts'
import type { FixInput } from '../../playbook.ts'
import { endpointName, isWrite } from '../../shared.ts'

/** Seconds that a page may be old where the app says nothing elsewhere: a minute, as in the playbook. */
const DEFAULT_PERIOD = 60

/**
 * Replaces the option by a period, for a page or handler of which every read is that of the anonymous client. With
 * `cacheComponents` the page is cached by directive instead.
 */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const { file, line } = finding.location
  const routes = input.code.routes.filter(route => route.config.some(c => c.file === file && c.line === line))
  const [route] = routes
  if (!route) return { declined: 'the option is not a segment option: where to put the period is a choice to make' }
  if (routes.length > 1 || route.file !== file)
    return { declined: 'the option stands in a layout: it decides for every page below it' }
  const script = openScript(file, input.source(file))
  if (!script) return { declined: `${file} cannot be read` }
  const doubt = whyNotPublic(route, file, line) ?? whyNotStale(input, route) ?? whyNotFixed(script)
  if (doubt) return { declined: doubt }
  const app = input.code.apps.find(({ root }) => root === route.app)
  return app?.cacheComponents ? byDirective(finding, route, script) : byPeriod(finding, input, route, script)
}

function serverEffects(route: RouteModel): ReachedEffect[] {
  return route.effects.filter(r => !r.client)
}

/** Undefined when everything that is read is read as nobody, and nothing else makes the route dynamic. */
function whyNotPublic(route: RouteModel, file: string, line: number): string | undefined {
  const other = route.rendering.reasons.find(reason => reason.file !== file || reason.line !== line)
  if (other && other.cause !== 'data' && !isOwnOption(other, file))
    return `${other.text} makes it dynamic as well (${other.file}:${other.line})`
  if (
    route.config.some(
      c => c.file !== file && (c.value === 'force-dynamic' || (c.name === 'revalidate' && c.value === 0)),
    )
  )
    return 'a layout above makes it dynamic as well'
  if (route.config.some(c => c.name === 'runtime' && /edge/.test(String(c.value))))
    return 'pages of the edge runtime are rendered for every visit'
  if (route.dynamicSegments.length > 0 && !route.staticParams)
    return 'the path has a dynamic segment without generateStaticParams: a period alone has no effect'
  if (route.methods.some(method => !/^(GET|HEAD|OPTIONS)$/.test(method))) return 'the handler does more than answer GET'
  let reads = 0
  for (const { effect } of serverEffects(route)) {
    if (effect.k === 'external') return `it also asks ${effect.host ?? effect.what}, whose answer may have to be fresh`
    if (effect.k === 'session' || effect.k === 'sign-in' || effect.k === 'cookie-set')
      return 'it asks who the visitor is'
    if (effect.k !== 'access') continue
    const { client, role, op, table } = effect.draft
    if (client !== 'supabase-js' || role !== 'anon')
      return `${table ?? 'the database'} is not read with the anonymous client: whether strangers may see it is not proven`
    if (op !== 'select') return 'it calls a database function, which may do more than read'
    reads += 1
  }
  return reads === 0 ? 'nothing that is read is known: what should be fresh is not known either' : undefined
}

function isOwnOption(reason: { file: string; cause: string }, file: string): boolean {
  return reason.file === file && reason.cause === 'segment-config'
}

/** Undefined when whoever changes the data through the app makes the page fresh. */
function whyNotStale({ code, source }: FixInput, route: RouteModel): string | undefined {
  const tables = new Set(
    serverEffects(route).flatMap(({ effect }) => (effect.k === 'access' ? (effect.draft.table ?? []) : [])),
  )
  const writes = ({ effect }: ReachedEffect): boolean =>
    effect.k === 'access' && isWrite(effect.draft.op) && effect.draft.table !== null && tables.has(effect.draft.table)
  const silent = code.endpoints.find(
    endpoint =>
      endpoint.effects.some(r => writes(r) && !r.facts.has('secret')) && !refreshes(endpoint, source(endpoint.file)),
  )
  if (silent)
    return `${endpointName(silent)} changes what it shows and revalidates nothing: members would see their own change late`
  const browser = code.accesses.find(a => a.browser && a.table !== null && tables.has(a.table) && isWrite(a.operation))
  return browser
    ? `the browser itself changes \`${browser.table}\` (${browser.file}:${browser.line}), and nothing would revalidate the page`
    : undefined
}

function refreshes(endpoint: Endpoint, text: string | undefined): boolean {
  const body =
    text
      ?.split(/\r?\n/)
      .slice(endpoint.line - 1, endpoint.endLine)
      .join('\n') ?? ''
  return /\b(revalidatePath|revalidateTag|updateTag)\s*\(/.test(body)
}

/** What a page says about the moment it is rendered in would stand still. */
function whyNotFixed({ source, text }: Script): string | undefined {
  let found: string | undefined
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      /^(Math\.random|Date\.now|crypto\.randomUUID|randomUUID)$/.test(node.expression.getText(source))
    )
      found ??= `${node.expression.getText(source)}() gives every visit another value`
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && (node.arguments?.length ?? 0) === 0)
      found ??= 'it shows the time of the visit'
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found ?? (/\bdraftMode\b/.test(text) ? 'it has a draft mode' : undefined)
}

interface OptionStatement {
  statement: ts.VariableStatement
  name: string
  value: string
}

function optionsOf({ source }: Script): OptionStatement[] {
  return source.statements.flatMap(statement => {
    if (!ts.isVariableStatement(statement) || !statement.modifiers?.some(m => m.kind === ts.SyntaxKind.ExportKeyword))
      return []
    const [declaration, ...others] = statement.declarationList.declarations
    if (!declaration?.initializer || others.length > 0 || !ts.isIdentifier(declaration.name)) return []
    return [{ statement, name: declaration.name.text, value: declaration.initializer.getText(source) }]
  })
}

const OPTION_NAMES = ['dynamic', 'revalidate', 'fetchCache']

function byPeriod(finding: Finding, input: FixInput, route: RouteModel, script: Script): FixOutcome {
  const options = optionsOf(script)
  const own = options.find(({ statement }) => lineOf(script, statement) === finding.location.line)
  if (!own) return { declined: 'the option is not a plain export' }
  if (options.some(({ name }) => name === 'fetchCache'))
    return { declined: 'fetchCache says how reads are cached: the two must be decided together' }
  const period = periodOf(input, route)
  const existing = options.find(({ name, value }) => name === 'revalidate' && /^[1-9]\d*$/.test(value))
  const zero = options.find(
    ({ name, value, statement }) => name === 'revalidate' && value === '0' && statement !== own.statement,
  )
  const forced = options.find(
    ({ name, value, statement }) => name === 'dynamic' && /force-dynamic/.test(value) && statement !== own.statement,
  )
  const end = script.text[own.statement.end - 1] === ';' ? ';' : ''
  const seconds = existing ? Number(existing.value) : period.seconds
  const edits: Edit[] = existing
    ? [removeStatement(script, own.statement)]
    : [
        {
          start: own.statement.getStart(script.source),
          end: own.statement.end,
          text: `export const revalidate = ${seconds}${end}`,
        },
      ]
  for (const extra of [zero, forced]) if (extra) edits.push(removeStatement(script, extra.statement))
  const where = existing ? 'the period that the file states already' : period.why
  return changeFor(finding, {
    object: `option of ${route.file}`,
    title: `Render ${route.path} once every ${seconds} s instead of for every visit`,
    what: `Replaces \`export const ${own.name} = ${own.value}\` of \`${route.path}\` by a period of ${seconds} seconds (${where}). Between two renderings the page is served from the cache, without a function and without a query.`,
    files: { [script.path]: applyEdits(script.text, edits) },
    rollback: 'Revert the commit and deploy: a deployment starts with an empty page cache.',
    ...evidenceFor(input, route),
  })
}

function byDirective(finding: Finding, route: RouteModel, script: Script): FixOutcome {
  const options = optionsOf(script).filter(({ name }) => OPTION_NAMES.includes(name))
  const component = script.source.statements.find(
    (s): s is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(s) && s.modifiers?.some(m => m.kind === ts.SyntaxKind.DefaultKeyword) === true,
  )
  if (
    route.kind !== 'page' ||
    !component?.body ||
    !component.modifiers?.some(m => m.kind === ts.SyntaxKind.AsyncKeyword)
  )
    return {
      declined: 'with cacheComponents the function that reads is cached, and which one that is cannot be told here',
    }
  if (component.parameters.length > 0)
    return { declined: 'the page takes parameters: what of them may enter the cache is a choice to make' }
  if (component.body.statements.some(isDirective)) return { declined: 'the page has a directive of its own' }
  const added = importEdit(script, 'cacheLife', 'next/cache')
  if (added === 'taken') return { declined: 'the name cacheLife is taken in this file' }
  const [quote, end, newline, indent] = [quoteOf(script), endOf(script), newlineOf(script.text), indentOf(script.text)]
  const start = component.body.getStart(script.source) + 1
  const lines = [`${quote}use cache${quote}${end}`, `cacheLife(${quote}minutes${quote})${end}`]
  const edits: Edit[] = [
    ...options.map(({ statement }) => removeStatement(script, statement)),
    ...(added ? [added] : []),
    { start, end: start, text: lines.map(line => `${newline}${indent}${line}`).join('') },
  ]
  return changeFor(finding, {
    object: `option of ${route.file}`,
    title: `Cache ${route.path} for a minute instead of rendering it for every visit`,
    what: `With \`cacheComponents\` the exports ${listed(options.map(({ name }) => `\`${name}\``))} are build errors. \`${route.path}\` becomes \`'use cache'\` with \`cacheLife('minutes')\`: rendered again after a minute.`,
    files: { [script.path]: applyEdits(script.text, edits) },
    rollback: 'Revert the commit and deploy.',
    security: PUBLIC,
    verify: ['`next build` prints `○` instead of `ƒ` for the route', 'two visitors, one signed in, get the same HTML'],
    notVerified: [
      'On serverless functions the cache of `use cache` lives as long as its instance; the prerendered page does not depend on it.',
    ],
  })
}

const PUBLIC =
  'Everything that the route and its layouts read is read with the anonymous client, without cookies, headers or a session: the cached page holds what any stranger may read, and nothing of a visitor.'

/** The shortest period that the app itself uses: what its authors find fresh enough. */
function periodOf({ code }: FixInput, route: RouteModel): { seconds: number; why: string } {
  const periods = code.routes
    .filter(({ app }) => app === route.app)
    .flatMap(({ config }) => config)
    .filter(({ name, value }) => name === 'revalidate' && typeof value === 'number' && value >= DEFAULT_PERIOD)
    .sort((a, b) => Number(a.value) - Number(b.value) || (a.file < b.file ? -1 : 1))
  const [shortest] = periods
  return shortest
    ? {
        seconds: Number(shortest.value),
        why: `the shortest that this app uses elsewhere, \`${shortest.file}:${shortest.line}\``,
      }
    : { seconds: DEFAULT_PERIOD, why: 'a minute; the app states no other' }
}

function evidenceFor(
  { code }: FixInput,
  route: RouteModel,
): { security: string; verify: string[]; notVerified: string[] } {
  const built = code.routes.some(
    other =>
      other.app === route.app &&
      /^(static|isr)$/.test(other.rendering.mode) &&
      other.effects.some(r => !r.client && r.effect.k === 'access'),
  )
  return {
    security: PUBLIC,
    verify: [
      `\`next build\` prints \`○\` with the period instead of \`ƒ\` for \`${route.path}\``,
      `\`curl -sI https://<your app>${route.path}\` twice: \`s-maxage\` and, on Vercel, \`x-vercel-cache: HIT\``,
      'two visitors, one signed in, get the same HTML',
    ],
    notVerified: [
      ...(built
        ? []
        : [
            '`next build` now reads the database for this page: the build needs the public URL and key, as no other page of this app does yet.',
          ]),
      'Changes made outside of the app (dashboard, SQL, scheduled jobs) show after the period.',
    ],
  }
}
