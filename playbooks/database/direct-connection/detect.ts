import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { allEffects, at, uniqueBy } from '../../shared.ts'

interface Pool {
  what: string
  inFunction: boolean
  port?: number
  pooler: boolean
  prepare?: boolean
  env?: string
  max?: number
  kept?: boolean
}

/** Connections to PostgreSQL that serverless functions should not make. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  if (code.apps.length > 0 && code.apps.every(a => a.longLived)) return []
  const found: DetectedFinding[] = []
  for (const r of [...code.moduleEffects, ...allEffects(code)]) {
    if (r.effect.k !== 'pool' || r.client) continue
    const p = r.effect.data as unknown as Pool
    const reasons: string[] = []
    if (p.what === 'PrismaClient') {
      if (p.inFunction && !p.kept) reasons.push('a new client, with a pool of its own, for every call')
    } else {
      if (p.inFunction && !p.kept) reasons.push('a new connection (or pool) for every call')
      if (p.port === 5432 || (p.env && /DIRECT|NON_POOLING|UNPOOLED/i.test(p.env)))
        reasons.push(
          p.port === 5432
            ? 'port 5432: every instance holds its own backend connections'
            : `\`${p.env}\` names the direct connection, not the pooler`,
        )
      if (p.what === 'postgres.js' && p.pooler && p.port === 6543 && p.prepare !== false)
        reasons.push(
          'prepared statements (the default of postgres.js) through the transaction pooler; set prepare: false',
        )
    }
    if (reasons.length === 0) continue
    found.push({
      title: `${p.what}: ${reasons[0]}`,
      location: at(r.effect.file, r.effect.line),
      routes: [],
      evidence: reasons.map(text => ({ text })),
      object: `pool ${p.what}`,
      confidence: 'high',
    })
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}
