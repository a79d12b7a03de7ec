import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * `node bench/compare.mjs <project before> <project after> <folder>…`: whether two builds of this project see the same in each app.
 * Says where the models differ first; ends with 1 when they do. Times and counts of cached files are left out.
 */
const own = fileURLToPath(import.meta.url)

/** The model as JSON: sets and maps as lists, nothing that may differ between two runs. */
async function printModel(project, root) {
  const { buildAppModel } = await import(pathToFileURL(path.resolve(project, 'dist/tools/code/index.js')).href)
  const { stats: _stats, ...model } = await buildAppModel({ root })
  process.stdout.write(
    JSON.stringify(model, (_key, v) => (v instanceof Set ? [...v] : v instanceof Map ? [...v.entries()] : v), 1),
  )
}

function modelOf(project, root) {
  return execFileSync(process.execPath, [own, '--print', project, root], { encoding: 'utf8', maxBuffer: 1 << 30 })
}

const [first, second, ...rest] = process.argv.slice(2)
if (first === '--print') await printModel(second, rest[0])
else {
  for (const root of rest) {
    const before = modelOf(first, root).split('\n')
    const after = modelOf(second, root).split('\n')
    const at = before.findIndex((line, i) => line !== after[i])
    const same = at < 0 && before.length === after.length
    console.log(
      `${path.basename(path.resolve(root))}: ${same ? `same, ${before.length} lines` : `differs at line ${at + 1}`}`,
    )
    if (same) continue
    console.log(`  - ${before.slice(at - 3, at + 1).join('\n    ')}\n  + ${after[at]}`)
    process.exitCode = 1
  }
}
