import { posix } from 'node:path'
import type { Assessment, AssessmentRoute } from '../../reports/assessment.ts'
import type { LoadScript, LoadTest } from '../../reports/loadtest.ts'
import type { Runbook } from '../../reports/runbook.ts'
import type { PlannedChange } from '../changes/plan.ts'
import { routeKey } from '../changes/signedin.ts'
import { SYMPTOMS } from '../changes/symptoms.ts'
import { compareText } from '../text.ts'
import { sectionOf } from './plan.ts'

export interface DocumentInput {
  assessment: Assessment
  changes: readonly PlannedChange[]
  /** Keys of routes that only signed-in visitors get. */
  signedIn: ReadonlySet<string>
}

/** Pure: same input, same runbook. */
export function makeRunbook({ assessment, changes }: DocumentInput): Runbook {
  const open = assessment.findings.filter(({ status }) => status === 'open')
  const byId = new Map(assessment.accesses.map(access => [access.id, access]))
  const heavy = assessment.routes
    .filter(route => route.kind !== 'proxy' && route.kind !== 'action' && isDynamic(route))
    .map(route => {
      const accesses = route.accesses.flatMap(id => byId.get(id) ?? [])
      return {
        path: route.path,
        file: route.file,
        mode: route.rendering?.mode ?? 'unknown',
        accesses: accesses.length,
        unbounded: accesses.filter(({ bound }) => bound === 'none').length,
        inLoop: accesses.filter(({ inLoop }) => inLoop).length,
      }
    })
    .filter(({ accesses }) => accesses > 0)
    .sort(
      (a, b) =>
        b.inLoop - a.inLoop || b.unbounded - a.unbounded || b.accesses - a.accesses || compareText(a.path, b.path),
    )
  const refs = [...new Set(changes.flatMap(({ playbook, outcome }) => ('change' in outcome ? [playbook] : [])))].sort(
    compareText,
  )
  return {
    repository: assessment.repository?.name ?? 'app',
    heavy,
    modes: assessment.summary?.routes ?? {},
    symptoms: SYMPTOMS.map(({ playbooks, ...symptom }) => ({
      ...symptom,
      suspects: open
        .filter(({ playbook }) => playbooks.includes(playbook))
        .map(({ title, location, routes }) => ({ title, place: `${location.file}:${location.line}`, routes })),
    })),
    rollbacks: refs.flatMap(playbook => {
      const own = changes.some(
        change =>
          change.playbook === playbook && 'change' in change.outcome && change.outcome.change.migrations.length > 0,
      )
      if (own)
        return [
          {
            playbook,
            text: 'run the counter-migration that came with it (its path is in the pull request), tell the migration tool, revert the commit.',
          },
        ]
      const text = sectionOf(assessment, playbook, 'Roll back')
      return text === undefined ? [] : [{ playbook, text }]
    }),
    notInvestigated: assessment.notInvestigated,
  }
}

function isDynamic({ rendering }: AssessmentRoute): boolean {
  return rendering?.mode === 'dynamic' || rendering?.mode === 'partial' || rendering?.mode === 'unknown'
}

/** Where scripts go. */
const FOLDER = 'docs/load-test'

/** Pure: same input, same scripts. */
export function makeLoadTest({ assessment, signedIn }: DocumentInput): LoadTest {
  const writes = new Set(
    assessment.accesses.filter(({ operation }) => !/^(select|rpc)$/.test(operation)).map(({ id }) => id),
  )
  const left: LoadTest['left'] = []
  const scripts = new Map<string, LoadScript>()
  for (const route of assessment.routes) {
    if (route.kind !== 'page' && route.kind !== 'handler') continue
    const why = whyLeftOut(route, writes)
    if (why) {
      left.push({ path: route.path, why })
      continue
    }
    const own = signedIn.has(routeKey(route.app, route.path))
    const folder =
      assessment.apps.length > 1 && route.app !== '.' ? posix.join(FOLDER, route.app.replaceAll('/', '-')) : FOLDER
    const name = own ? 'signed-in' : 'public'
    const path = `${folder}/${name}.js`
    const script = scripts.get(path) ?? {
      path,
      values: `${folder}/${name}.values.json`,
      app: route.app,
      signedIn: own,
      routes: [],
    }
    if (script.routes.every(other => other.path !== route.path))
      script.routes.push({
        path: route.path,
        kind: route.kind,
        mode: route.rendering?.mode ?? 'unknown',
        file: route.file,
        accesses: route.accesses.length,
      })
    scripts.set(path, script)
  }
  return {
    repository: assessment.repository?.name ?? 'app',
    scripts: [...scripts.values()].sort((a, b) => compareText(a.path, b.path)),
    left: left.sort((a, b) => compareText(a.path, b.path)),
  }
}

function whyLeftOut(route: AssessmentRoute, writes: ReadonlySet<string>): string | undefined {
  const { path, kind, name, accesses } = route
  if (path.includes('(') || path.includes('@') || path === '/_not-found') return 'it is not an address of its own'
  if (/(^|\/)(auth|oauth|callback|logout|sign-?out|webhooks?|cron)(\/|$)/i.test(path) && kind === 'handler')
    return 'it is called by a provider, a scheduler or a sign-in'
  if (kind === 'handler' && !/\bGET\b/.test(name ?? 'GET'))
    return `it answers ${name}, which a load test should not send`
  if (accesses.some(id => writes.has(id))) return 'it writes'
  return undefined
}
