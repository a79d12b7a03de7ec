import type { SchemaFunction, SchemaModel } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { expressionsOf } from '../../policies.ts'
import { at } from '../../shared.ts'
import { callsIn } from '../../sql.ts'

/** Functions that write with their owner's rights, that everybody may call through the Data API, and that ask nobody who they are. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema || (schema.source !== 'migrations' && schema.source !== 'schema-files')) return []
  const usedByPolicies = calledByPolicies(schema)
  return schema.functions.flatMap(f => {
    if (!f.securityDefiner || f.schema !== 'public' || f.kind === 'procedure') return []
    if (/^(event_)?trigger$/i.test(f.returns ?? '') || usedByPolicies.has(f.name)) return []
    if (schema.triggers?.some(t => t.function === f.name || t.function === `${f.schema}.${f.name}`)) return []
    if (!WRITES.test(f.body) || ASKS.test(f.body) || isWithdrawn(schema, f)) return []
    return [
      {
        title: `\`${f.name}()\` writes with its owner's rights for whoever calls it`,
        location: at(f.location.file, f.location.line),
        evidence: [
          {
            text: 'SECURITY DEFINER in the exposed schema, EXECUTE not revoked, and nothing in it asks who calls',
            location: at(f.location.file, f.location.line),
          },
        ],
        object: `${f.schema}.${f.name}(${(f.arguments ?? []).map(a => a.type).join(', ')})`,
        confidence: 'medium' as const,
        security: true,
      },
    ]
  })
}

const WRITES = /\b(insert\s+into|update\s+(only\s+)?["\w.]+(\s+(as\s+)?\w+)?\s+set|delete\s+from|truncate)\b/i

/** Asks who calls: directly, or through a helper that is named after a question. */
const ASKS =
  /\bauth\s*\.\s*(uid|jwt|role|email)\s*\(|current_setting|current_user|session_user|\b(is|has|can|require|assert|ensure|check|verify|authorize)_\w+\s*\(|\btoken\b|_token\b|secret|\bhash/i

function isWithdrawn(schema: SchemaModel, f: SchemaFunction): boolean {
  return (schema.grants ?? []).some(
    g =>
      g.action === 'revoke' &&
      g.roles.some(role => role === 'public' || role === 'anon' || role === 'authenticated') &&
      g.objects.some(object => {
        const name = object.replaceAll('"', '').replace(/\(.*$/, '')
        return (
          name === f.name || name === `${f.schema}.${f.name}` || (name === f.schema && /function|routine/i.test(g.kind))
        )
      }),
  )
}

function calledByPolicies(schema: SchemaModel): Set<string> {
  const policies = schema.tables.flatMap(t => t.policies)
  return new Set(policies.flatMap(p => expressionsOf(p).flatMap(tree => callsIn(tree).map(call => call.name))))
}
