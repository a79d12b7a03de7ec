import { deserialize, serialize } from 'node:v8'
import { openCacheFile } from '../cachefile.ts'
import type { ModuleIR } from './ir.ts'

/** Bump when the IR changes shape or meaning. */
const VERSION = 14

export interface IrCache {
  get(hash: string): ModuleIR | undefined
  /** `json` is the IR as text, where it has been made already. */
  set(hash: string, ir: ModuleIR, json?: string): void
  save(): void
}

/**
 * IR by content hash in one file. Entries are kept as bytes and decoded when asked for, so a large cache costs little; entries that
 * a run does not use are dropped when it saves. A damaged or foreign file counts as empty.
 */
export function openCache(folder: string | undefined): IrCache {
  const file = openCacheFile(folder, 'ir.bin')
  const stored = entriesOf(file.read())
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
    set(hash, ir, json) {
      if (!folder) return
      used.set(hash, Buffer.from(json ?? JSON.stringify(ir)))
      changed = true
    },
    save() {
      if (!folder || (!changed && used.size === stored.size)) return
      file.write(serialize({ version: VERSION, entries: used }))
    },
  }
}

function entriesOf(bytes: Buffer | undefined): Map<string, Uint8Array> {
  if (bytes === undefined) return new Map()
  try {
    const data = deserialize(bytes) as { version?: number; entries?: Map<string, Uint8Array> }
    return data.version === VERSION && data.entries instanceof Map ? data.entries : new Map()
  } catch {
    return new Map()
  }
}
