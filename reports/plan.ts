import { code, prose } from './markdown/escape.ts'
import { count } from './text.ts'

/** The way to the target in phases; what `agent plan` writes and prints. Every claim has its finding. */
export interface Plan {
  formatVersion: 1
  repository: string
  /** Users at the same time that it is for. */
  target: number
  phases: PlanPhase[]
  notInvestigated: { what: string; why: string }[]
}

export interface PlanPhase {
  id: string
  title: string
  goal: string
  items: PlanItem[]
  /** Commands that exit with 0 when the phase is done. */
  success: string[]
  /** What to look at besides. */
  observe: string[]
  security: string[]
  rollback: string[]
  /** Ids of phases that come first, each with its reason. */
  dependsOn: { phase: string; why: string }[]
  /** From CODEOWNERS; empty when nobody is named there. */
  owners: string[]
}

export interface PlanItem {
  findings: string[]
  playbook: string
  severity: string
  title: string
  /** "file:line", one for each finding. */
  places: string[]
  routes: string[]
  /** A change that `agent build` writes; absent when a person has to. */
  branch?: string
  /** Why no change is written for it. */
  byHand?: string
}

export function planStart(repository: string): string {
  return `# ${prose(repository)}: plan for 10,000 users

What stands between the two markers is written by \`agent plan\` and replaced by its next run. Decisions, dates and names belong here, outside of them: they are kept.`
}

/** Markdown of the generated block. Same plan, same bytes. */
export function renderPlan(plan: Plan): string {
  const items = plan.phases.flatMap(phase => phase.items)
  const ready = items.filter(({ branch }) => branch !== undefined).length
  return [
    `Target: ${plan.target.toLocaleString('en-US')} users at the same time. ${count(items.length, 'step')} in ${count(plan.phases.length, 'phase')}; ${ready} of them ${ready === 1 ? 'is' : 'are'} written by \`agent build\`, each on a branch of its own.`,
    table(plan),
    ...plan.phases.map((phase, at) => renderPhase(phase, at + 1, plan)),
    gaps(plan),
  ].join('\n\n')
}

function table({ phases }: Plan): string {
  const rows = phases.map(
    ({ title, items, owners }, at) =>
      `| ${at + 1} | ${title} | ${items.length} | ${items.filter(({ branch }) => branch).length} | ${owners.map(owner => code(owner)).join(', ') || 'to be named'} |`,
  )
  return ['| Phase | | Steps | Written by `agent build` | Owner |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}

function renderPhase(phase: PlanPhase, number: number, { phases }: Plan): string {
  const numberOf = (id: string): number => phases.findIndex(other => other.id === id) + 1
  const depends = phase.dependsOn.map(({ phase: id, why }) => `- phase ${numberOf(id)}: ${why}`)
  return [
    `## Phase ${number}: ${phase.title}`,
    `**Goal.** ${phase.goal}`,
    `**Owner.** ${phase.owners.map(owner => code(owner)).join(', ') || 'to be named: CODEOWNERS names nobody for these files'}`,
    ...(depends.length > 0 ? [`**After.**\n\n${depends.join('\n')}`] : []),
    ...(phase.items.length > 0 ? [`**Changes.**\n\n${phase.items.map(renderItem).join('\n')}`] : []),
    `**Done when** these exit with 0:\n\n\`\`\`sh\n${phase.success.join('\n')}\n\`\`\``,
    ...(phase.observe.length > 0 ? [list('And', phase.observe)] : []),
    list('Security', phase.security),
    list('Roll back', phase.rollback),
  ].join('\n\n')
}

function list(title: string, lines: readonly string[]): string {
  return `**${title}.**\n\n${lines.map(line => `- ${line}`).join('\n')}`
}

/** Places and routes beyond these are in the assessment. */
const SHOWN = 6

function renderItem({ title, places, routes, branch, byHand, severity, playbook }: PlanItem): string {
  const where = places.slice(0, SHOWN).map(place => code(place))
  const more = places.length > SHOWN ? ` and ${places.length - SHOWN} more` : ''
  const reached =
    routes.length > 0
      ? `; reached by ${routes
          .slice(0, SHOWN)
          .map(route => code(route))
          .join(', ')}${routes.length > SHOWN ? ` and ${routes.length - SHOWN} more routes` : ''}`
      : ''
  const how = branch
    ? `branch ${code(branch)}`
    : `by hand${byHand ? `: ${prose(byHand)}` : ''}; see \`agent explain ${playbook}\``
  return `- [ ] **${prose(title)}** (${severity}) at ${where.join(', ')}${more}${reached}. ${capital(how)}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function gaps({ notInvestigated }: Plan): string {
  return ['## Not investigated', 'Nothing above says that these are fine.', gapList(notInvestigated)].join('\n\n')
}

/** What was not looked at, one line a reason. */
export function gapList(gaps: readonly { what: string; why: string }[]): string {
  const byReason = new Map<string, string[]>()
  for (const { what, why } of gaps) byReason.set(why, [...(byReason.get(why) ?? []), what])
  return [...byReason].map(([why, names]) => `- ${names.map(name => prose(name)).join(', ')}: ${prose(why)}`).join('\n')
}
