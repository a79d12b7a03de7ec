import { UserError } from '../../tools/errors.ts'
import { branchName } from '../../tools/workspace/key.ts'
import * as tools from '../../tools/workspace/tool.ts'
import type { PlannedChange } from '../changes/plan.ts'
import type { ChangeRecord } from '../changes/record.ts'
import { type Binding, bind } from './binding.ts'
import { findByKey } from './findings.ts'
import { toldProgress } from './session.ts'
import { fitting, inline, pageOf } from './text.ts'

export const changeBindings: Binding[] = [
  bind(tools.checkChange, async ({ files }, session, call) => {
    call.progress('Judging the change')
    const { judgeChange } = await import('../gate/judge.ts')
    const verdict = await judgeChange({ base: session.root, files }, { signal: call.signal })
    const reasons = verdict.reasons.map(({ rule, object, evidence }) => ({
      rule,
      object: inline(object),
      evidence: inline(evidence, 400),
    }))
    return { decision: verdict.decision, reasons: fitting(reasons) }
  }),
  bind(tools.makePlan, async ({ limit, offset }, session, call) => {
    const planned = await session.planned(call)
    const { items, ...page } = pageOf(planned.map(plannedLine), { limit, offset })
    return { ...page, changes: items }
  }),
  bind(tools.buildChange, async ({ finding: key }, session, call) => {
    const { assessment } = await session.assessed(call)
    const { key: item } = findByKey(assessment.findings, key)
    const { build } = await import('../phases/build.ts')
    const { root, config } = session
    const progress = toldProgress(call)
    const { records } = await build({ root, config, item, cache: true, shadow: true, progress, signal: call.signal })
    const record = records.find(({ finding, change }) => finding === item || change?.findings.includes(item))
    if (!record) throw new UserError('the finding has no change; make_plan says why')
    return { change: recordLine(record) }
  }),
]

function recordLine({ finding, playbook, outcome, reason, change, branch }: ChangeRecord) {
  return {
    finding,
    playbook,
    outcome,
    ...(change ? { title: inline(change.title) } : {}),
    ...(reason ? { reason: inline(reason) } : {}),
    files: Object.keys(change?.files ?? {}).map(path => inline(path)),
    ...(branch ? { branch } : {}),
  }
}

function plannedLine({ finding, playbook, outcome }: PlannedChange) {
  if ('declined' in outcome)
    return { finding, playbook, outcome: 'declined', reason: inline(outcome.declined), files: [] }
  const { change } = outcome
  return {
    finding,
    playbook,
    outcome: 'planned',
    title: inline(change.title),
    files: Object.keys(change.files).map(path => inline(path)),
    branch: branchName(change),
  }
}
