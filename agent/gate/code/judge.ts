import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { judge } from '../../../playbooks/judge.ts'
import { loadPlaybooks } from '../../../playbooks/registry.ts'
import type { AppModel } from '../../../tools/code/model.ts'
import type { GateReason } from '../verdict.ts'
import { compareModels } from './compare.ts'
import { completions } from './fragment.ts'
import { weakenedGuards } from './guards.ts'
import { lossReasons } from './losses.ts'
import { nextConfigReasons } from './next-config.ts'
import { schemaReasons } from './schemas.ts'
import { codeReasons, readCode } from './text-rules.ts'

const CODE = /\.([cm]?[jt]sx?)$/
/** What the app model reads besides code. */
const CONTEXT =
  /(^|\/)(package\.json|(ts|js)config[\w.-]*\.json|pnpm-workspace\.yaml|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|vercel\.json)$|\.prisma$/

export interface CodeJudgement {
  rejected: GateReason[]
  undecided: GateReason[]
}

/** What the change makes of the app: its model and its syntax, before and after. */
export async function judgeCode(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Promise<CodeJudgement> {
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter(path => CODE.test(path) && before.get(path) !== after.get(path))
    .sort()
  if (changed.length === 0) return { rejected: [], undecided: [] }
  const files = changed.map(path => ({ path, before: before.get(path), after: after.get(path) }))
  const reads = await readCode(files)
  const models = await modelsOf(before, after)
  const rejected = [
    ...(await schemaReasons(files)),
    ...(await weakenedGuards(files)),
    ...(await nextConfigReasons(files)),
    ...codeReasons(reads),
  ]
  if ('error' in models) {
    rejected.push(...(await lossReasons(reads, after, undefined)))
    if (rejected.length > 0) return { rejected, undecided: [] }
    return { rejected, undecided: [{ rule: 'not-modelled', object: changed.join(', '), evidence: models.error }] }
  }
  rejected.push(
    ...(await lossReasons(reads, after, models)),
    ...compareModels(models.before, models.after),
    ...(await newFindings(models.before, models.after)),
    ...brokenImports(before, after, changed),
  )
  return { rejected, undecided: [] }
}

async function modelsOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Promise<{ before: AppModel; after: AppModel } | { error: string }> {
  const relevant = (files: ReadonlyMap<string, string>) =>
    new Map([...files].filter(([path]) => CODE.test(path) || CONTEXT.test(path)))
  const [then, now] = [relevant(before), relevant(after)]
  const added = completions([then, now])
  const { buildAppModel } = await import('../../../tools/code/index.ts')
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scalability-gate-')))
  try {
    const built: AppModel[] = []
    for (const [name, files] of [
      ['before', then],
      ['after', now],
    ] as const) {
      const root = join(folder, name)
      for (const [path, text] of [...added, ...files]) {
        if (added.has(path) && files.has(path)) continue
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      built.push(await buildAppModel({ root }))
    }
    return { before: built[0]!, after: built[1]! }
  } catch (error) {
    return { error: error instanceof Error ? error.message.replaceAll(folder, '') : String(error) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Playbooks whose findings are about safety: a change must not bring a new one. */
const SAFETY = new Set([
  'api/error-leak',
  'api/fail-open-rate-limit',
  'api/missing-auth-check',
  'api/missing-input-validation',
  'auth/service-role-exposure',
  'auth/session-not-verified',
  'caching/user-data-in-shared-cache',
  'caching/cached-failure',
  'database/raw-sql',
])

async function newFindings(before: AppModel, after: AppModel): Promise<GateReason[]> {
  const playbooks = (await loadPlaybooks()).filter(({ ref }) => SAFETY.has(ref))
  const schema = { status: 'skipped' as const, reason: 'judged apart' }
  const run = (value: AppModel) =>
    judge(playbooks, { code: { status: 'ran', value, ms: 0 }, schema, database: schema }).findings
  const counts = new Map<string, number>()
  // What was unsafe before and still is, in other words, is not new: the title names the variables, its first word the entry point.
  const keyOf = (finding: { playbook: string; title: string; location: { file: string } }) =>
    `${finding.playbook} ${finding.location.file} ${finding.title.split(' ')[0]}`
  for (const finding of run(before)) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1)
  return run(after).flatMap(finding => {
    const left = counts.get(keyOf(finding)) ?? 0
    counts.set(keyOf(finding), left - 1)
    if (left > 0) return []
    return [
      {
        rule: finding.playbook.split('/')[1]!,
        object: finding.location.file,
        evidence: `→ ${finding.title}`,
        file: finding.location.file,
        line: finding.location.line,
      },
    ]
  })
}

const FROM = /(?:from|import|require)\s*\(?\s*['"]((?:\.{1,2}|[@~#])\/[^'"]+)['"]/g

/** Imports that led to a file before and lead nowhere now. */
function brokenImports(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  changed: readonly string[],
): GateReason[] {
  const out: GateReason[] = []
  const gone = changed
    .filter(path => before.has(path) && !after.has(path))
    .map(path => path.replace(/(\/index)?\.[cm]?[jt]sx?$/, ''))
  if (gone.length === 0) return out
  for (const [path, text] of after) {
    if (!CODE.test(path)) continue
    for (const [, specifier = ''] of text.matchAll(FROM)) {
      const end = specifier.replace(/^(\.{1,2}\/)+|^[@~#]\//, '').replace(/\.[cm]?[jt]sx?$/, '')
      const target = gone.find(one => one === end || one.endsWith(`/${end}`))
      if (target && !resolves(specifier, path, after))
        out.push({
          rule: 'behaviour-removed',
          object: path,
          evidence: `imports ${specifier}, which is deleted`,
          file: path,
          line: 1,
        })
    }
  }
  return out
}

function resolves(specifier: string, from: string, files: ReadonlyMap<string, string>): boolean {
  const bases = specifier.startsWith('.')
    ? [joined(from, specifier)]
    : [specifier.slice(2), `src/${specifier.slice(2)}`, `app/${specifier.slice(2)}`]
  return bases.some(base =>
    ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '/index.ts', '/index.tsx', '/index.js'].some(
      end => files.has(base + end) || [...files.keys()].some(path => path.endsWith(`/${base}${end}`)),
    ),
  )
}

function joined(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
