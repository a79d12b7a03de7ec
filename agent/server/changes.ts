import { branchName } from '../../tools/workspace/key.ts'
import * as tools from '../../tools/workspace/tool.ts'
import type { PlannedChange } from '../changes/plan.ts'
import { type Binding, bind } from './binding.ts'
import { inline, pageOf } from './text.ts'

export const changeBindings: Binding[] = [
  bind(tools.makePlan, async ({ limit, offset }, session, call) => {
    const planned = await session.planned(call)
    const { items, ...page } = pageOf(planned.map(plannedLine), { limit, offset })
    return { ...page, changes: items }
  }),
]

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
