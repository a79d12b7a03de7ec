import type { Assessment, AssessmentAccess, AssessmentRoute } from '../assessment.ts'
import { compareText, count, oneLine } from '../text.ts'
import { type Html, html } from './markup.ts'

/** Rows and columns shown at once; the rest is folded, not dropped. */
const ROUTES_SHOWN = 20
const RESOURCES_SHOWN = 16

type Kind = 'read' | 'write' | 'call'

interface Cell {
  read: number
  write: number
  call: number
  /** Reads that nothing bounds. */
  unbounded: number
  looped: number
}

interface Resource {
  name: string
  kind: 'table' | 'function' | 'unnamed'
  /** Routes that reach it. */
  routes: number
}

interface Row {
  route: AssessmentRoute
  cells: Map<string, Cell>
  total: number
}

/** Which route reads and writes what: routes down, tables and functions across, the busiest of both first. */
export function matrixSection(assessment: Assessment): Html | null {
  const rows = matrixRows(assessment)
  if (rows.length === 0) return null
  const resources = rankResources(rows)
  const columns = resources.slice(0, RESOURCES_SHOWN)
  const folded = resources.slice(RESOURCES_SHOWN)
  const hottest = Math.max(...rows.flatMap(row => [...row.cells.values()].map(weight)))
  const without = assessment.routes.length - rows.length
  const head = html`<thead><tr><th scope="col" class="corner">Route</th>${columns.map(
    ({ name, kind }) =>
      html`<th scope="col" class="column"><span>${kind === 'function' ? `${name}()` : name}</span></th>`,
  )}${folded.length > 0 ? html`<th scope="col" class="column"><span>${count(folded.length, 'other')}</span></th>` : null}</tr></thead>`
  const body = rows.map((row, index) => rowHtml(row, columns, folded, hottest, index >= ROUTES_SHOWN))
  const rest = rows.length - ROUTES_SHOWN
  return html`<section id="matrix" aria-labelledby="matrix-title">
  <h2 id="matrix-title">Which route touches what</h2>
  <p class="lead">${count(rows.length, 'route')} reach ${count(resources.length, 'table or function', 'tables and functions')}; the stronger the colour, the more accesses.${
    without > 0 ? ` ${count(without, 'route')} ${without === 1 ? 'reaches' : 'reach'} no data.` : ''
  }</p>
  <ul class="legend"><li><span class="key read">3</span> reads</li><li><span class="key read">3<b>∞</b></span> some without a bound</li><li><span class="key write">2</span> writes</li><li><span class="key call">1</span> function calls</li><li><span class="key">↻</span> in a loop</li></ul>
  <div class="scroll" tabindex="0" role="region" aria-label="Routes and the tables and functions they reach">
    <table class="matrix" id="matrix-table">${head}<tbody>${body}</tbody></table>
  </div>
  ${rest > 0 ? html`<button type="button" id="more-routes" aria-expanded="false" aria-controls="matrix-table" data-more="Show ${count(rest, 'more route')}" data-less="Show fewer" hidden></button>` : null}
  ${folded.length > 0 ? html`<details><summary>The ${count(folded.length, 'other')}</summary><p class="inner">${folded.map(one => one.name).join(', ')}</p></details>` : null}
</section>
`
}

function matrixRows({ routes, accesses }: Assessment): Row[] {
  const byId = new Map(accesses.map(access => [access.id, access]))
  return routes
    .map(route => {
      const cells = new Map<string, Cell>()
      const reached = route.accesses.flatMap(id => byId.get(id) ?? [])
      for (const access of reached) add(cells, access)
      return { route, cells, total: reached.length }
    })
    .filter(row => row.total > 0)
    .sort((a, b) => b.total - a.total || b.cells.size - a.cells.size || compareText(a.route.path, b.route.path))
}

/** Tables and functions may share a name: the kind is part of the key. */
function resourceKey({ table, rpc }: AssessmentAccess): string {
  if (rpc !== null) return `function ${oneLine(rpc)}`
  return table === null ? 'unnamed raw SQL or unknown table' : `table ${oneLine(table)}`
}

function add(cells: Map<string, Cell>, access: AssessmentAccess): void {
  const key = resourceKey(access)
  const cell = cells.get(key) ?? { read: 0, write: 0, call: 0, unbounded: 0, looped: 0 }
  cells.set(key, cell)
  const kind = kindOf(access)
  cell[kind] += 1
  if (kind === 'read' && access.bound === 'none') cell.unbounded += 1
  if (access.inLoop) cell.looped += 1
}

function kindOf({ operation, rpc }: AssessmentAccess): Kind {
  if (rpc !== null || operation === 'rpc' || operation === 'raw') return 'call'
  return operation === 'select' ? 'read' : 'write'
}

function rankResources(rows: readonly Row[]): (Resource & { key: string })[] {
  const routes = new Map<string, number>()
  for (const row of rows) for (const key of row.cells.keys()) routes.set(key, (routes.get(key) ?? 0) + 1)
  return [...routes]
    .map(([key, number]) => {
      const [kind = '', ...name] = key.split(' ')
      return { key, name: name.join(' '), kind: kind as Resource['kind'], routes: number }
    })
    .sort((a, b) => b.routes - a.routes || compareText(a.key, b.key))
}

function weight({ read, write, call }: Cell): number {
  return read + write + call
}

function rowHtml(
  { route, cells }: Row,
  columns: readonly { key: string }[],
  folded: readonly { key: string }[],
  hottest: number,
  isFolded: boolean,
): Html {
  const others = folded.flatMap(({ key }) => cells.get(key) ?? []).reduce<Cell | undefined>(sum, undefined)
  const name = route.name ? html` <span class="note">${route.name}</span>` : null
  const mode = route.rendering
    ? html`<span class="dot m-${route.rendering.mode}"></span>`
    : html`<span class="dot"></span>`
  return html`<tr${isFolded ? html` class="folded"` : null}><th scope="row">${mode}<code>${route.path}</code>${name}</th>${columns.map(
    ({ key }) => cellHtml(cells.get(key), hottest),
  )}${folded.length > 0 ? cellHtml(others, hottest) : null}</tr>`
}

function sum(all: Cell | undefined, one: Cell): Cell {
  if (!all) return { ...one }
  return {
    read: all.read + one.read,
    write: all.write + one.write,
    call: all.call + one.call,
    unbounded: all.unbounded + one.unbounded,
    looped: all.looped + one.looped,
  }
}

/** Colour says which kind, shade how many; the words for it are there for a screen reader and on hover. */
function cellHtml(cell: Cell | undefined, hottest: number): Html {
  if (!cell) return html`<td></td>`
  const heat = Math.min(4, Math.ceil((weight(cell) / hottest) * 4))
  const said = [
    ...(cell.read ? [count(cell.read, 'read') + (cell.unbounded ? `, ${cell.unbounded} without a bound` : '')] : []),
    ...(cell.write ? [count(cell.write, 'write')] : []),
    ...(cell.call ? [count(cell.call, 'call')] : []),
    ...(cell.looped ? [`${cell.looped} in a loop`] : []),
  ].join('; ')
  const kind = cell.write > 0 && cell.write >= cell.read ? 'writes' : cell.call > cell.read ? 'calls' : 'reads'
  const mark = (name: Kind, number: number, more: Html | null = null) =>
    number > 0 ? html`<span class="key ${name}">${number}${more}</span>` : null
  return html`<td class="${kind} heat-${heat}" title="${said}"><span aria-hidden="true">${mark('read', cell.read, cell.unbounded ? html`<b>∞</b>` : null)}${mark('write', cell.write)}${mark('call', cell.call)}${cell.looped ? html`<span class="loop">↻</span>` : null}</span><span class="said">${said}</span></td>`
}
