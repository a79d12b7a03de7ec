import type { ModuleIR } from '../ir.ts'
import type { Effect } from './effects.ts'
import type { Value } from './values.ts'

export interface Cell {
  v: Value
}

/** Lexical scope. Cells are shared with closures, so assignments are seen by them; branches undo and join (see Interpreter.branch). */
export interface Env {
  vars: Map<string, Cell>
  parent: Env | undefined
  self?: Value
}

export function newEnv(parent: Env | undefined, self?: Value): Env {
  return self ? { vars: new Map(), parent, self } : { vars: new Map(), parent }
}

export function lookup(env: Env | undefined, name: string): Cell | undefined {
  for (let e = env; e; e = e.parent) {
    const cell = e.vars.get(name)
    if (cell) return cell
  }
  return undefined
}

/** One loaded module: its IR, its top-level scope, and what its top level does when it is imported. */
export interface ModuleContext {
  file: string
  ir: ModuleIR
  env: Env
  state: 'new' | 'running' | 'done'
  effects: Effect[]
  client: boolean
  serverActions: boolean
  /** Root of the app that owns the file, for dependency versions. */
  app: string | undefined
}
