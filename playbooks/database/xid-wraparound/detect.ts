import type { DetectedFinding } from '../../finding.ts'
import { placeOfApp, section } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** PostgreSQL stops taking writes when three million transaction ids are left of 2^31. */
const END = 2_147_483_647
const ALARM = 1_500_000_000

/** How near the oldest row is to the end of the transaction ids. */
export function detect({ code, database }: DetectInput): DetectedFinding[] {
  const wraparound = section(database?.wraparound)
  if (!wraparound) return []
  const { databaseAge, freezeMaxAge, tables } = wraparound
  // Twice the age at which autovacuum forces its way: something keeps it from doing so.
  if (databaseAge < Math.min(freezeMaxAge * 2, ALARM)) return []
  const left = Math.max(0, END - databaseAge)
  return [
    {
      title: `The oldest transaction id is ${millions(databaseAge)} old: ${millions(left)} are left before the database stops taking writes`,
      location: placeOfApp(code),
      evidence: [
        {
          text: `autovacuum should have frozen the rows at ${millions(freezeMaxAge)}; something keeps it from doing so`,
        },
        ...tables.slice(0, 5).map(({ schema, name, age }) => ({ text: `\`${schema}.${name}\`: ${millions(age)}` })),
      ],
      object: 'transaction ids',
      severity: databaseAge >= ALARM ? ('critical' as const) : ('medium' as const),
      confidence: 'high' as const,
    },
  ]
}

function millions(n: number): string {
  return `${Math.round(n / 1e6)} million`
}
