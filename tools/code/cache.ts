import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { ModuleIR } from './ir.ts'

/** Bump when the IR changes shape or meaning. */
const VERSION = 13

export interface IrCache {
  get(hash: string): ModuleIR | undefined
  set(hash: string, ir: ModuleIR): void
  save(): void
}

/**
 * IR by content hash in one file. Entries are kept as bytes and decoded when asked for, so a large cache costs little; entries that
 * a run does not use are dropped when it saves. A damaged or foreign file counts as empty.
 */
export function openCache(folder: string | undefined): IrCache {
  const file = folder ? path.join(folder, 'ir.bin') : undefined
  const stored = file ? load(file) : new Map<string, Uint8Array>()
  const used = new Map<string, Uint8Array>()
  let changed = false
  return {
    get(hash) {
      const bytes = stored.get(hash) ?? used.get(hash)
      if (!bytes) return undefined
      try {
        const ir = JSON.parse(Buffer.from(bytes).toString('utf8')) as ModuleIR
        used.set(hash, bytes)
        return ir
      } catch {
        return undefined
      }
    },
    set(hash, ir) {
      if (!folder) return
      used.set(hash, Buffer.from(JSON.stringify(ir)))
      changed = true
    },
    save() {
      if (!file || !folder || (!changed && used.size === stored.size)) return
      mkdirSync(folder, { recursive: true })
      ignoreFolder(path.dirname(folder))
      const temporary = `${file}.${process.pid}.tmp`
      writeFileSync(temporary, serialize({ version: VERSION, entries: used }))
      renameSync(temporary, file)
    },
  }
}

function load(file: string): Map<string, Uint8Array> {
  try {
    if (!existsSync(file)) return new Map()
    const data = deserialize(readFileSync(file)) as { version?: number; entries?: Map<string, Uint8Array> }
    return data.version === VERSION && data.entries instanceof Map ? data.entries : new Map()
  } catch {
    return new Map()
  }
}

/** `.scalability/` stays out of the user's commits. */
export function ignoreFolder(folder: string): void {
  const file = path.join(folder, '.gitignore')
  if (path.basename(folder) === '.scalability' && !existsSync(file)) writeFileSync(file, '*\n')
}
