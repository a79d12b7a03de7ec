import type { Assessment, AssessmentFinding } from './assessment.ts'
import { AREA_IDS, type AreaId, areaOf, groupByPlaybook, type Investigation, investigation } from './view.ts'

/** Points that one problem takes, before its confidence is weighed. */
export const SEVERITY_POINTS = { critical: 40, high: 20, medium: 10, low: 4, info: 0 } as const

/** A problem that is only likely weighs less than one that is proven. */
export const CONFIDENCE_WEIGHT = { high: 1, medium: 0.7, low: 0.4 } as const

/** The rule in words, shown beside the scores. */
export const SCORE_RULE =
  'Each area starts at 100. Every playbook that found something takes points once, however many places it found: those of its worst ' +
  'finding (critical 40, high 20, medium 10, low 4, info 0), times the confidence (high 1, medium 0.7, low 0.4). Suppressed findings ' +
  'do not count, findings in the baseline do. An area in which no playbook ran has no score, and there is no score over all areas: ' +
  'the score compares an app with itself over time, it does not say how many users the app holds.'

export interface Penalty {
  playbook: string
  title: string
  points: number
  /** Findings that count, all of the same problem. */
  places: number
}

export interface AreaScore {
  area: AreaId
  /** 0 to 100, null when nothing in the area was investigated. */
  score: number | null
  penalties: Penalty[]
  investigation: Investigation
  /** Findings by status. */
  open: number
  suppressed: number
  baseline: number
}

export function scoreAreas(assessment: Assessment): AreaScore[] {
  return AREA_IDS.map(area => scoreArea(assessment, area))
}

function scoreArea(assessment: Assessment, area: AreaId): AreaScore {
  const findings = assessment.findings.filter(finding => areaOf(finding) === area)
  const looked = investigation(assessment, area)
  const counting = findings.filter(finding => finding.status !== 'suppressed')
  const penalties = groupByPlaybook(assessment, counting)
    .map(({ ref, title, findings: places }) => ({
      playbook: ref,
      title,
      points: Math.max(...places.map(points)),
      places: places.length,
    }))
    .filter(penalty => penalty.points > 0)
    .sort((a, b) => b.points - a.points)
  const lost = penalties.reduce((sum, penalty) => sum + penalty.points, 0)
  return {
    area,
    score: looked.extent === 'none' ? null : Math.max(0, Math.round(100 - lost)),
    penalties,
    investigation: looked,
    open: findings.filter(finding => finding.status === 'open').length,
    suppressed: findings.filter(finding => finding.status === 'suppressed').length,
    baseline: findings.filter(finding => finding.status === 'baseline').length,
  }
}

function points({ severity, confidence }: AssessmentFinding): number {
  return SEVERITY_POINTS[severity] * CONFIDENCE_WEIGHT[confidence]
}
