import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../../tools/errors.ts'
import { oneLine } from '../text.ts'
import { filesOf, parseChange, type ReadChange, readChange } from './change.ts'
import type { Base } from './input.ts'
import { type Gate, openGate } from './judge.ts'
import type { GateReason, GateVerdict } from './verdict.ts'

export interface GateCommandOptions {
  base?: string
  change?: string
  batch?: string
  json?: boolean
  /** False with --no-database. */
  database: boolean
}

const EXIT = { accept: 0, reject: 1, undecided: 2 } as const

/** `agent gate`: one change, or a batch of cases. @throws UserError for what the user can put right */
export async function runGate(options: GateCommandOptions, signal: AbortSignal): Promise<number> {
  if (options.batch !== undefined) {
    if (options.base !== undefined || options.change !== undefined)
      throw new UserError('--batch brings its own bases and changes; leave out --base and --change')
    return runBatch(options.batch, options, signal)
  }
  if (options.base === undefined || options.change === undefined)
    throw new UserError('give --base <folder> and --change <file>, or --batch <folder or file>')
  const base = folderOf(options.base)
  const change = await readChange(options.change, base)
  const gate = openGate({ noDatabase: !options.database, signal })
  try {
    const verdict = await judged(gate, base, change)
    process.stdout.write(options.json ? `${JSON.stringify(verdict, null, 2)}\n` : verdictText(verdict))
    return EXIT[verdict.decision]
  } finally {
    await gate.close()
  }
}

function folderOf(path: string): string {
  const shown = oneLine(path, 200)
  const stats = statSync(resolve(path), { throwIfNoEntry: false })
  if (!stats) throw new UserError(`${shown}: there is no such folder; give the app before the change`)
  if (!stats.isDirectory()) throw new UserError(`${shown}: is not a folder; give the app before the change`)
  return resolve(path)
}

async function judged(gate: Gate, base: Base, change: ReadChange): Promise<GateVerdict> {
  if ('refused' in change) return { decision: 'reject', reasons: change.refused }
  return gate.judge({ base, files: change.files })
}

interface Case {
  id: string
  read(): Promise<{ base: Base; change: ReadChange }>
}

interface CaseResult extends GateVerdict {
  id: string
  ms: number
}

async function runBatch(path: string, options: GateCommandOptions, signal: AbortSignal): Promise<number> {
  const cases = casesIn(path)
  const gate = openGate({ noDatabase: !options.database, signal })
  const results: CaseResult[] = []
  try {
    for (const one of cases) {
      signal.throwIfAborted()
      const started = performance.now()
      const verdict = await verdictFor(gate, one)
      const result = { id: one.id, ...verdict, ms: Math.round(performance.now() - started) }
      results.push(result)
      if (!options.json) process.stdout.write(`${one.id}: ${verdictText(verdict)}`)
    }
  } finally {
    await gate.close()
  }
  const count = (decision: GateVerdict['decision']) => results.filter(result => result.decision === decision).length
  const summary = { accept: count('accept'), reject: count('reject'), undecided: count('undecided') }
  if (options.json) process.stdout.write(`${JSON.stringify({ cases: results, summary }, null, 2)}\n`)
  else
    process.stdout.write(
      `\n${cases.length} cases: ${summary.accept} accepted, ${summary.reject} rejected, ${summary.undecided} could not be judged\n`,
    )
  if (summary.reject > 0) return EXIT.reject
  return summary.undecided > 0 ? EXIT.undecided : EXIT.accept
}

/** A case that cannot be read costs only itself. */
async function verdictFor(gate: Gate, one: Case): Promise<GateVerdict> {
  try {
    const { base, change } = await one.read()
    return await judged(gate, base, change)
  } catch (error) {
    const evidence = oneLine(error instanceof Error ? error.message : String(error), 300)
    return { decision: 'undecided', reasons: [{ rule: 'unreadable', object: one.id, evidence }] }
  }
}

function casesIn(path: string): Case[] {
  const shown = oneLine(path, 200)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) throw new UserError(`${shown}: there is no such folder or file; give a folder of cases or a .jsonl file`)
  const cases = stats.isDirectory() ? folderCases(path) : lineCases(path)
  if (cases.length === 0)
    throw new UserError(
      `${shown}: holds no cases: a folder for each with base/ and change.json or change.patch, or lines of JSON`,
    )
  return cases
}

/** `<folder>/<id>/base/…` and `<folder>/<id>/change.json` (or change.patch, change.diff); folders may be grouped. */
function folderCases(root: string): Case[] {
  const out: Case[] = []
  const visit = (folder: string, id: string): void => {
    const change = ['change.json', 'change.patch', 'change.diff'].map(name => join(folder, name)).find(existsSync)
    if (change) {
      const base = join(folder, 'base')
      out.push({
        id,
        read: async () => ({
          base: existsSync(base) ? base : new Map(),
          change: await readChange(change, existsSync(base) ? base : new Map()),
        }),
      })
      return
    }
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)))
      if (entry.isDirectory()) visit(join(folder, entry.name), id === '' ? entry.name : `${id}/${entry.name}`)
  }
  visit(root, '')
  return out
}

/** Lines `{"id", "base", "change"}`: base is a folder (relative to the file) or an object of files, change an object with files, or a patch. */
function lineCases(file: string): Case[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index): Case[] => {
      if (line.trim() === '') return []
      let id = `line ${index + 1}`
      try {
        const { id: named } = JSON.parse(line) as { id?: unknown }
        if (typeof named === 'string') id = named
      } catch {
        // Told when the case is read.
      }
      return [{ id, read: () => readLine(line, dirname(file), id) }]
    })
}

async function readLine(line: string, folder: string, id: string): Promise<{ base: Base; change: ReadChange }> {
  const { base, change, files } = JSON.parse(line) as { base?: unknown; change?: unknown; files?: unknown }
  const from: Base = typeof base === 'string' ? folderOf(resolve(folder, base)) : new Map(Object.entries(filesIn(base)))
  if (typeof change === 'string') {
    const path = resolve(folder, change)
    return {
      base: from,
      change:
        !change.includes('\n') && existsSync(path) ? await readChange(path, from) : await parseChange(change, from, id),
    }
  }
  return { base: from, change: { files: filesOf(change ?? { files }, id) } }
}

function filesIn(base: unknown): Record<string, string> {
  const record =
    typeof base === 'object' && base !== null && 'files' in base && typeof base.files === 'object' ? base.files : base
  if (typeof record !== 'object' || record === null)
    throw new UserError('"base" is neither a folder nor an object of files')
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function verdictText({ decision, reasons }: GateVerdict): string {
  const head = { accept: 'accepted', reject: 'rejected', undecided: 'could not be judged' }[decision]
  return `${head}\n${reasons.map(reasonText).join('')}`
}

function reasonText({ rule, object, evidence, file, line }: GateReason): string {
  const place = file ? ` (${oneLine(file, 300)}${line ? `:${line}` : ''})` : ''
  return `  ${oneLine(rule)}: ${oneLine(object, 200)}${place}\n    ${oneLine(evidence, 400)}\n`
}
