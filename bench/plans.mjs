import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

/**
 * `node bench/plans.mjs <folder> [rows] [tables…]` after `npm run build`: replay, reading of the catalogs, planning of all
 * accesses, peak memory; then agreement of the two ways (statistics with sparse files, and rows that are there) on tables of
 * `rows` rows, and every proposal before and after at that size. With tables named, only those are that large: the others have
 * a hundredth, so that a million rows of what matters can be made in a minute.
 */
const here = path.dirname(fileURLToPath(import.meta.url))
const built = name => import(path.join(here, '..', 'dist', name))
const [folder = '.', size = '200000', ...named] = process.argv.slice(2)
const root = path.resolve(folder)
const rows = Number(size)

const { buildAppModel } = await built('tools/code/index.js')
const { openShadow } = await built('tools/schema/shadow/index.js')
const { listSchemaFiles } = await built('tools/schema/index.js')
const { readCatalog } = await built('tools/schema/shadow/catalog/read.js')
const { gatherPlans } = await built('agent/phases/plans.js')

const progress = { step: (_title, run) => run(() => {}) }
const { signal } = new AbortController()
const ms = started => Math.round(performance.now() - started)

let started = performance.now()
const code = await buildAppModel({ root })
const codeMs = ms(started)
started = performance.now()
const files = (await (listSchemaFiles ?? (() => walk(root)))(root)) ?? []
const shadow = await openShadow({ root, files })
if ('skipped' in shadow) throw new Error(shadow.skipped)
const replayMs = ms(started)
const memory = watchMemory()
try {
  const client = await shadow.connect({ superuser: true })
  started = performance.now()
  await readCatalog(client)
  const catalogMs = ms(started)
  await client.end()

  const evidence = {
    code: { status: 'ran', value: code, ms: 0 },
    schema: { status: 'ran', value: shadow.schema, ms: 0 },
    database: { status: 'skipped', reason: '' },
  }
  const gather = request => gatherPlans(evidence, { status: 'ran', value: shadow, ms: 0 }, request, progress, signal)
  const value = gathered => {
    if (gathered.status !== 'ran') throw new Error(gathered.error ?? gathered.reason)
    return gathered.value
  }
  started = performance.now()
  const planned = value(await gather({ seconds: 0 }))
  const planMs = ms(started)
  console.table([
    {
      'code ms': codeMs,
      'replay ms': replayMs,
      'catalog ms': catalogMs,
      'plans ms': planMs,
      ...planned.timings,
      accesses: planned.accesses.filter(a => a.plan).length,
      'peak MB node': memory().node,
      'peak MB postgres': memory().postgres,
    },
  ])

  const large = named.length > 0 ? new Set(named) : undefined
  const target = {}
  for (const { schema, name, source } of planned.tables)
    if (source !== 'seeded')
      target[`${schema}.${name}`] =
        large && !large.has(name) && !large.has(`${schema}.${name}`) ? Math.ceil(rows / 100) : rows
  target['auth.users'] = Math.ceil(rows / 10)
  for (const table of planned.tables)
    if (/a row for each account/.test(table.why)) target[`${table.schema}.${table.name}`] = Math.ceil(rows / 10)
  const both = value(await gather({ rows: target, seconds: 400, seeded: rows }))
  agreement(both)
  proposals(both)
  console.log(both.timings, both.notes, memory())
} finally {
  await shadow.stop()
}

function agreement({ accesses }) {
  const compared = accesses.filter(a => a.plan && a.executed?.plan)
  const shape = node => `${node.type} ${node.table ?? ''} ${node.index ?? ''}(${node.children.map(shape).join()})`
  const same = compared.filter(a => shape(a.plan) === shape(a.executed.plan))
  const off = compared.map(a => Math.abs(a.cost / a.executed.plan.cost - 1)).sort((a, b) => a - b)
  const at = share => `${((off[Math.floor((off.length - 1) * share)] ?? 0) * 100).toFixed(1)} %`
  const timedOut = accesses.filter(a => a.executed?.timedOut).length
  console.table([
    {
      compared: compared.length,
      'same plan': same.length,
      'cost off, median': at(0.5),
      p90: at(0.9),
      p99: at(0.99),
      timedOut,
    },
  ])
  for (const access of compared.filter(a => !same.includes(a)).slice(0, 5))
    console.log(`differs: ${access.file}:${access.line}\n  ${shape(access.plan)}\n  ${shape(access.executed.plan)}`)
}

function proposals({ proposals }) {
  const table = []
  for (const { id, verdict, queries, reason } of proposals) {
    const best = [...queries].sort((a, b) => gain(b) - gain(a))[0]
    table.push({
      proposal: id.slice(0, 70),
      verdict,
      'cost before': best ? Math.round(best.before.cost) : reason,
      'cost after': best && Math.round(best.after.cost * 10) / 10,
      'ms before': best?.before.ms?.toFixed(2),
      'ms after': best?.after.ms?.toFixed(2),
    })
  }
  console.table(table)
}

function gain({ before, after }) {
  return before.ms !== undefined && after.ms !== undefined ? before.ms - after.ms : (before.cost - after.cost) / 1e6
}

/** Largest resident memory seen, in MB: of this process, and of the PostgreSQL processes below it together. */
function watchMemory() {
  const peak = { node: 0, postgres: 0 }
  const look = () => {
    peak.node = Math.max(peak.node, Math.round(process.memoryUsage.rss() / 1e6))
    if (process.platform !== 'linux') return
    let bytes = 0
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres:') && !isOurs(pid)) continue
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('plans_by')) continue
        const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number)
        bytes += (resident - shared) * 4096
      } catch {
        // It ended in the meantime.
      }
    }
    peak.postgres = Math.max(peak.postgres, Math.round(bytes / 1e6))
  }
  setInterval(look, 100).unref()
  return () => peak
}

function isOurs(pid) {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('plans_by')
}

function walk(folder) {
  return execFileSync('git', ['ls-files'], { cwd: folder, encoding: 'utf8' }).split('\n')
}
