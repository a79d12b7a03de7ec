import type { Assessment, AssessmentAccess, AssessmentRoute } from '../../reports/assessment.ts'
import type { Problem } from '../../tools/code/workspace.ts'

/** The part of the app model that goes into the assessment. */
export interface CodeFacts {
  apps: Assessment['apps']
  routes: AssessmentRoute[]
  accesses: AssessmentAccess[]
  conventions: Record<string, string>
  files: number
  filesParsed: number
  unknown: { what: string; count: number }[]
  problems: Problem[]
  /** Posix paths of all files in which a suppression may stand. */
  sources: string[]
  /** Whether any app depends on supabase-js or its kin. */
  supabase: boolean
}
