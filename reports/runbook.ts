import { code, prose } from './markdown/escape.ts'
import { gapList } from './plan.ts'
import { count } from './text.ts'

/** What to do when the app slows down, by what is seen first; what `agent document` writes. */
export interface Runbook {
  repository: string
  /** Routes that cost the database something at each visit, dearest first. */
  heavy: { path: string; file: string; mode: string; accesses: number; unbounded: number; inLoop: number }[]
  /** Routes by how they are rendered. */
  modes: Record<string, number>
  symptoms: Symptom[]
  rollbacks: { playbook: string; text: string }[]
  notInvestigated: { what: string; why: string }[]
}

export interface Symptom {
  title: string
  /** What is seen. */
  seen: string
  /** Commands or queries that tell more. */
  look: string[]
  /** Places of this app that cause it. */
  suspects: { title: string; place: string; routes: string[] }[]
  /** First aid, in order. */
  relief: string[]
}

export function runbookStart(repository: string): string {
  return `# ${prose(repository)}: runbook

What stands between the two markers is written by \`agent document\` and replaced by its next run. Telephone numbers, dashboards and what you learnt belong here, outside of them: they are kept.`
}

/** Suspects beyond these are in the assessment. */
const SHOWN = 8

export function renderRunbook(runbook: Runbook): string {
  return [
    shape(runbook),
    '## By what is seen first',
    ...runbook.symptoms.map(renderSymptom),
    '## Taking a change back',
    runbook.rollbacks.length > 0
      ? runbook.rollbacks.map(({ playbook, text }) => `- \`${playbook}\`: ${text}`).join('\n')
      : 'No change of this tool is planned.',
    `## Not known\n\n${gapList(runbook.notInvestigated)}`,
  ].join('\n\n')
}

function shape({ modes, heavy }: Runbook): string {
  const counts = Object.entries(modes).map(([mode, number]) => `${number} ${mode}`)
  const rows = heavy
    .slice(0, 15)
    .map(
      route =>
        `| ${code(route.path, true)} | ${route.mode} | ${route.accesses} | ${route.unbounded} | ${route.inLoop} | ${code(route.file, true)} |`,
    )
  return [
    '## What costs what',
    `Routes: ${counts.join(', ') || 'none'}. Static ones cost the database nothing; those below ask it at each visit.`,
    ...(rows.length > 0
      ? [
          [
            '| Route | Rendered | Data accesses | without a bound | in a loop | File |',
            '| --- | --- | --- | --- | --- | --- |',
            ...rows,
          ].join('\n'),
        ]
      : ['No route is known to ask the database at each visit.']),
  ].join('\n\n')
}

function renderSymptom({ title, seen, look, suspects, relief }: Symptom): string {
  const lines = suspects.slice(0, SHOWN).map(one => {
    const reached =
      one.routes.length > 0
        ? `, reached by ${one.routes
            .slice(0, 4)
            .map(route => code(route))
            .join(', ')}`
        : ''
    return `- ${prose(one.title)} (${code(one.place)}${reached})`
  })
  const more =
    suspects.length > SHOWN
      ? [`- and ${count(suspects.length - SHOWN, 'more place')}: \`agent assess\` lists them`]
      : []
  return [
    `### ${title}`,
    `**Seen.** ${seen}`,
    `**Look.**\n\n\`\`\`sql\n${look.join('\n')}\n\`\`\``,
    lines.length > 0
      ? `**Suspects in this app.**\n\n${[...lines, ...more].join('\n')}`
      : '**Suspects in this app.** None was found; look at the queries themselves.',
    `**First aid.**\n\n${relief.map((step, at) => `${at + 1}. ${step}`).join('\n')}`,
  ].join('\n\n')
}
