import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { generateApp } from './generate.mjs'

/**
 * `npm run bench [-- <folder>…]`: the scan against reading the same files and against parsing all of them with the TypeScript
 * parser (importing it included), each in fresh processes of the same run, best of three. Ratios mean the same on a slow machine;
 * milliseconds do not. Wall time counts; CPU time adds up all threads, and tells more where others use the machine as well.
 * Targets: cold ≤ 1.0 × parsing, warm ≤ 0.3 × parsing, ≤ 350 MB at 4,000 files, `agent --help` ≤ 150 ms.
 */
const here = path.dirname(fileURLToPath(import.meta.url))
const ROUNDS = 3

function measure(...args) {
  let best
  for (let i = 0; i < ROUNDS; i++) {
    const result = JSON.parse(
      execFileSync(process.execPath, [path.join(here, 'worker.mjs'), ...args], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      }),
    )
    const cpu = Math.min(result.cpu, best?.cpu ?? Number.POSITIVE_INFINITY)
    const mb = Math.max(result.mb, best?.mb ?? 0)
    best = { ...(best && best.ms <= result.ms ? best : result), cpu, mb }
  }
  return best
}

const temporary = mkdtempSync(path.join(os.tmpdir(), 'scalability-bench-'))
const rows = []
try {
  const subjects = process.argv.slice(2).map(folder => [path.basename(path.resolve(folder)), path.resolve(folder)])
  for (const count of [400, 4000]) {
    const root = path.join(temporary, `generated-${count}`)
    generateApp(root, count)
    subjects.unshift([`generated ${count}`, root])
  }
  for (const [name, root] of subjects) {
    if (!existsSync(root)) throw new Error(`${root} does not exist`)
    const cache = path.join(temporary, `cache-${name.replace(/\W+/g, '-')}`)
    const read = measure('read', root)
    const parse = measure('parse', root)
    const cold = measure('scan', root)
    measure('scan', root, cache)
    const warm = measure('scan', root, cache)
    rows.push({
      app: name,
      files: read.files,
      'read ms': Math.round(read.ms),
      'parse all ms': Math.round(parse.ms),
      'cold ms': Math.round(cold.ms),
      'warm ms': Math.round(warm.ms),
      'cold / read': +(cold.ms / read.ms).toFixed(1),
      'cold / parse': +(cold.ms / parse.ms).toFixed(2),
      'warm / parse': +(warm.ms / parse.ms).toFixed(2),
      'cold / parse, CPU': +(cold.cpu / parse.cpu).toFixed(2),
      'warm / parse, CPU': +(warm.cpu / parse.cpu).toFixed(2),
      'MB cold': Math.round(cold.mb),
      'MB warm': Math.round(warm.mb),
    })
  }
  console.log(`${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)}, Node ${process.version}`)
  console.table(rows)
  const cli = path.join(here, '..', 'dist', 'agent', 'cli.js')
  let help = Number.POSITIVE_INFINITY
  let bare = Number.POSITIVE_INFINITY
  for (let i = 0; i < 7; i++) {
    let at = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    bare = Math.min(bare, performance.now() - at)
    at = performance.now()
    spawnSync(process.execPath, [cli, '--help'])
    help = Math.min(help, performance.now() - at)
  }
  console.log(`agent --help: ${Math.round(help)} ms, of which ${Math.round(bare)} ms is starting Node (best of 7)`)
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
