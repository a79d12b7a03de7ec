import { knownExport } from '../known/registry.ts'
import { actionValue } from './invoke.ts'
import type { Machine } from './machine.ts'
import type { Cell, ModuleContext } from './scope.ts'
import { lookup } from './scope.ts'
import type { Value } from './values.ts'
import { UNDEF, UNK } from './values.ts'

/** The value that `import { name } from spec` gives in `mod`. */
export function importedValue(m: Machine, mod: ModuleContext, spec: string, name: string): Value {
  const target = m.loader.resolve(mod.file, spec)
  if (target.kind === 'file') {
    const loaded = m.loader.load(target.path)
    if (!loaded) return { t: 'unk' }
    return name === '*' ? { t: 'ns', mod: loaded } : exportedValue(m, loaded, name, true)
  }
  if (target.kind === 'package' || target.kind === 'unresolved') {
    const pkg = target.kind === 'package' ? target.name + (target.subpath ? `/${target.subpath}` : '') : spec
    if (name === '*') return { t: 'ext', pkg, path: '*' }
    return knownExport(pkg, name, m) ?? { t: 'ext', pkg, path: name }
  }
  return UNK
}

/** Follows local exports, re-exports and `export *` the way a bundler does. */
export function exportedValue(
  m: Machine,
  mod: ModuleContext,
  name: string,
  imported = false,
  seen: Set<string> = new Set(),
): Value {
  const key = `${mod.file}#${name}`
  if (seen.has(key) || seen.size > 50) return UNK
  seen.add(key)
  const entry = mod.ir.exports.find(e => e.name === name)
  if (entry) {
    if (entry.spec)
      return entry.imported === '*'
        ? importedValue(m, mod, entry.spec, '*')
        : reexported(m, mod, entry.spec, entry.imported ?? name, imported, seen)
    const local = entry.local ?? name
    const cell = lookup(mod.env, local)
    if (cell) return imported && mod.serverActions ? action(m, cell, mod, entry.l) : cell.v
    const binding = mod.ir.imports.find(i => i.local === local)
    if (binding)
      return binding.name === '*'
        ? importedValue(m, mod, binding.spec, '*')
        : reexported(m, mod, binding.spec, binding.name, imported, seen)
    return mod.state === 'done' ? UNDEF : UNK
  }
  for (const star of mod.ir.stars) {
    const v = reexported(m, mod, star, name, imported, seen)
    if (v.t !== 'undef') return v
  }
  // `module.exports` files and namespaces of packages are not followed.
  return mod.ir.exports.length === 0 && mod.ir.stars.length === 0 ? UNK : UNDEF
}

/** Names that a module exports, those of `export *` included. */
export function exportNames(m: Machine, mod: ModuleContext, seen: Set<string> = new Set()): string[] {
  if (seen.has(mod.file)) return []
  seen.add(mod.file)
  const names = mod.ir.exports.map(e => e.name)
  for (const star of mod.ir.stars) {
    const target = m.loader.resolve(mod.file, star)
    const loaded = target.kind === 'file' ? m.loader.load(target.path) : undefined
    if (loaded) names.push(...exportNames(m, loaded, seen).filter(name => name !== 'default'))
  }
  return [...new Set(names)]
}

const actions = new WeakMap<Cell, Value>()

/** One value per export, so that memo tables see it as equal. */
function action(m: Machine, cell: Cell, mod: ModuleContext, line: number): Value {
  const known = actions.get(cell)
  if (known) return known
  const v = actionValue(m, cell.v, mod, line)
  if (mod.state === 'done') actions.set(cell, v)
  return v
}

function reexported(
  m: Machine,
  mod: ModuleContext,
  spec: string,
  name: string,
  imported: boolean,
  seen: Set<string>,
): Value {
  const target = m.loader.resolve(mod.file, spec)
  if (target.kind === 'file') {
    const loaded = m.loader.load(target.path)
    return loaded ? exportedValue(m, loaded, name, imported, seen) : UNK
  }
  return importedValue(m, mod, spec, name)
}
