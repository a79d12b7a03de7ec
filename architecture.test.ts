import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { ts } from 'ts-morph'
import { describe, expect, it, test } from 'vitest'
import { AREAS } from './playbooks/finding.ts'

/**
 * The walls of the house (ARCHITECTURE.md), read off the import statements. Data goes one way:
 * tools → playbooks → reports, and only `agent` knows them all.
 */

const ROOT = import.meta.dirname
const ROOMS = ['agent', 'tools', 'playbooks', 'reports'] as const

/** Above this a file has more than one purpose. */
const MAX_LINES = 500

/** Longer files, each with its reason. */
const LONG_FILES: Record<string, string> = {
  'tools/code/eval/invoke.ts': 'calls and their summaries refer to each other',
  'tools/code/eval/values.ts': 'the lattice of values: kinds, join and comparison are read together',
  'tools/code/known/supabase.ts': 'one library, method by method',
}

interface Import {
  /** Posix path from the root for our own files, the specifier for packages. */
  target: string
  line: number
  typeOnly: boolean
  dynamic: boolean
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory())
      return ['fixtures', 'examples', 'node_modules'].includes(entry.name) ? [] : sourceFiles(path)
    return /\.(ts|mjs)$/.test(entry.name) ? [path] : []
  })
}

/** Tests, and what only tests use, may look over the walls. */
function isForTests(file: string): boolean {
  return /\.test\.ts$/.test(file) || /(^|\/)testing\//.test(file)
}

const FILES = ROOMS.flatMap(sourceFiles)
const PRODUCT = FILES.filter(file => !isForTests(file))
const IMPORTS = new Map(PRODUCT.map(file => [file, importsOf(file)]))

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean, dynamic: boolean): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return
    const target = specifier.text.startsWith('.') ? posix.join(posix.dirname(file), specifier.text) : specifier.text
    found.push({ target, line: source.getLineAndCharacterOfPosition(specifier.pos).line + 1, typeOnly, dynamic })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node), false)
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly, false)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true, false)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false, true)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { namedBindings, name } = importClause
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.length > 0 && namedBindings.elements.every(element => element.isTypeOnly)
}

function isOurs(target: string): boolean {
  return ROOMS.some(room => target.startsWith(`${room}/`))
}

/** Imports of a room that break its rule, as `file:line → target`. */
function breaches(room: string, allowed: (found: Import) => boolean): string[] {
  return PRODUCT.filter(file => file.startsWith(`${room}/`)).flatMap(file =>
    IMPORTS.get(file)!
      .filter(found => isOurs(found.target) && !allowed(found))
      .map(({ target, line }) => `${file}:${line} → ${target}`),
  )
}

describe('the walls', () => {
  it('tools know nothing of who uses them', () => {
    expect(breaches('tools', ({ target }) => target.startsWith('tools/'))).toEqual([])
  })

  it('playbooks see evidence: of the tools only types, and the pure functions that fixes write with', () => {
    const forFixes = ['tools/migrations/index.ts', 'tools/workspace/key.ts']
    const allowed = ({ target, typeOnly }: Import): boolean =>
      target.startsWith('playbooks/') || (typeOnly && target.startsWith('tools/')) || forFixes.includes(target)
    expect(breaches('playbooks', allowed)).toEqual([])
  })

  it('reports see the assessment and nothing else', () => {
    expect(breaches('reports', ({ target }) => target.startsWith('reports/'))).toEqual([])
  })

  it('no import leads to a file that is not there', () => {
    const missing = PRODUCT.flatMap(file =>
      IMPORTS.get(file)!
        .filter(({ target }) => isOurs(target) && !existsSync(join(ROOT, target)))
        .map(({ target, line }) => `${file}:${line} → ${target}`),
    )
    expect(missing).toEqual([])
  })
})

describe('what loads when', () => {
  /** Packages that are loaded, with their importers, when a file is loaded. */
  function loadedWith(file: string, seen = new Set<string>()): Map<string, string> {
    const packages = new Map<string, string>()
    if (seen.has(file)) return packages
    seen.add(file)
    for (const { target, typeOnly, dynamic } of IMPORTS.get(file) ?? []) {
      if (typeOnly || dynamic) continue
      if (isOurs(target)) for (const [name, by] of loadedWith(target, seen)) packages.set(name, by)
      else if (!target.startsWith('node:')) packages.set(target, file)
    }
    return packages
  }

  it('agent --help loads nothing but its option parser', () => {
    expect([...loadedWith('agent/cli.ts').keys()]).toEqual(['commander'])
  })

  it('agent explain loads no instrument', () => {
    const heavy = [...loadedWith('agent/explain.ts').keys()].filter(name => /ts-morph|libpg|postgres|^pg$/.test(name))
    expect(heavy).toEqual([])
  })

  it.each(['libpg-query', 'pg', 'listr2', 'simple-git'])('%s is loaded when it is first used', name => {
    const early = PRODUCT.filter(file =>
      IMPORTS.get(file)!.some(({ target, typeOnly, dynamic }) => target === name && !typeOnly && !dynamic),
    )
    expect(early).toEqual([])
  })
})

describe('playbooks', () => {
  const folders = AREAS.filter(area => existsSync(join(ROOT, 'playbooks', area))).flatMap(area =>
    readdirSync(join(ROOT, 'playbooks', area)).map(id => `playbooks/${area}/${id}`),
  )

  test.each(folders)('%s has all its parts', folder => {
    const parts = readdirSync(join(ROOT, folder))
    expect(parts).toEqual(expect.arrayContaining(['playbook.md', 'detect.ts', 'examples']))
    expect(parts.filter(part => !['playbook.md', 'detect.ts', 'fix.ts', 'examples'].includes(part))).toEqual([])
  })
})

describe('commands', () => {
  const commands = readdirSync(join(ROOT, 'agent/commands')).filter(name => name !== 'options.ts' && !isForTests(name))

  test.each(commands)('%s is part of the command line, with a summary and an example', name => {
    const text = readFileSync(join(ROOT, 'agent/commands', name), 'utf8')
    expect(IMPORTS.get('agent/cli.ts')!.map(({ target }) => target)).toContain(`agent/commands/${name}`)
    expect(text).toMatch(/\.summary\(/)
    expect(text).toMatch(/Examples:/)
  })
})

describe('files', () => {
  const lengths = new Map(FILES.map(file => [file, readFileSync(join(ROOT, file), 'utf8').split('\n').length]))

  it(`are at most ${MAX_LINES} lines long`, () => {
    const long = FILES.filter(file => lengths.get(file)! > MAX_LINES && !(file in LONG_FILES))
    expect(long.map(file => `${file}: ${lengths.get(file)}`)).toEqual([])
  })

  it('are not excused without need', () => {
    expect(Object.keys(LONG_FILES).filter(file => (lengths.get(file) ?? 0) <= MAX_LINES)).toEqual([])
  })
})
