import type { DetectedFinding } from '../../finding.ts'
import { placeOfApp } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** The running database does not record which statements take its time. */
export function detect({ code, database }: DetectInput): DetectedFinding[] {
  const statements = database?.statements
  if (!statements || statements.status === 'ran') return []
  const reason = statements.status === 'failed' ? statements.error : statements.reason
  // A role that may not see them is another matter: they are there.
  if (!/extension pg_stat_statements is not there|not loaded|shared_preload_libraries/i.test(reason)) return []
  return [
    {
      title: 'The database does not record which queries take its time',
      location: placeOfApp(code),
      evidence: [{ text: reason }],
      object: 'pg_stat_statements',
      confidence: 'high' as const,
    },
  ]
}
