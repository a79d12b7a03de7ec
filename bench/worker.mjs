import { readFileSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'

/** One measurement in a fresh process: `node worker.mjs <what> <root> [cache folder]` prints { ms, mb } as JSON. */
const [what, root, cacheDir] = process.argv.slice(2)
const SKIP = new Set(['node_modules', '.git', '.next', 'dist', 'build', '.scalability'])

async function sources() {
  const { readdirSync } = await import('node:fs')
  const out = []
  const walk = folder => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !SKIP.has(entry.name)) walk(path.join(folder, entry.name))
      else if (entry.isFile() && /\.[mc]?[jt]sx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
        out.push(path.join(folder, entry.name))
    }
  }
  walk(root)
  return out
}

const start = performance.now()
let detail = {}
if (what === 'read') {
  let bytes = 0
  const files = await sources()
  for (const file of files) bytes += readFileSync(file, 'utf8').length
  detail = { files: files.length, bytes }
} else if (what === 'parse') {
  const { ts } = await import('ts-morph')
  let nodes = 0
  for (const file of await sources())
    nodes += ts.createSourceFile(
      file,
      readFileSync(file, 'utf8'),
      ts.ScriptTarget.Latest,
      false,
      file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
    ).statements.length
  detail = { statements: nodes }
} else {
  const { buildAppModel } = await import('../dist/tools/code/index.js')
  const model = await buildAppModel({ root, ...(cacheDir ? { cacheDir } : {}) })
  detail = { ...model.stats, routes: model.routes.length, accesses: model.accesses.length }
}
const ms = performance.now() - start
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
// CPU time counts all threads, and starting Node.
process.stdout.write(JSON.stringify({ ms, cpu: (userCPUTime + systemCPUTime) / 1000, mb: maxRSS / 1024, ...detail }))
