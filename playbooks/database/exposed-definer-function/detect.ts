import type { SchemaFunction, SchemaModel } from '../../../tools/schema/model.ts'
import { bodyOf } from '../../bodies.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { expressionsOf, isUncallable } from '../../policies.ts'
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
    if (isUncallable(schema, f)) return []
    const runsAnything = runsItsArgument(f) && !CHECKS.test(f.body)
    const sends = SENDS.test(bodyOf(f))
    if (!runsAnything && ((!WRITES.test(f.body) && !sends) || ASKS.test(f.body))) return []
    const location = at(f.location.file, f.location.line)
    const title = runsAnything
      ? `\`${f.name}()\` runs whatever SQL its caller sends, with its owner's rights`
      : `\`${f.name}()\` ${sends ? 'sends requests' : 'writes'} with its owner's rights for whoever calls it`
    const text = runsAnything
      ? 'SECURITY DEFINER in the exposed schema, EXECUTE not revoked, and its body executes a text that comes as an argument'
      : 'SECURITY DEFINER in the exposed schema, EXECUTE not revoked, and nothing in it asks who calls'
    return [
      {
        title,
        location,
        evidence: [{ text, location }],
        object: `${f.schema}.${f.name}(${(f.arguments ?? []).map(a => a.type).join(', ')})`,
        ...(runsAnything && { severity: 'critical' as const }),
        confidence: runsAnything ? ('high' as const) : ('medium' as const),
        security: true,
      },
    ]
  })
}

/** EXECUTE of an argument as it came: not quoted, not formatted. */
function runsItsArgument(f: SchemaFunction): boolean {
  const names = (f.arguments ?? []).flatMap(({ name, type }) =>
    name && /^(text|character|varchar)/i.test(type) ? [name] : [],
  )
  const executed = [...bodyOf(f).matchAll(/\bexecute\s+(\w+)\s*(?:;|\binto\b|\busing\b)/gi)].map(([, word]) =>
    word?.toLowerCase(),
  )
  return f.language === 'plpgsql' && executed.some(word => names.some(name => name.toLowerCase() === word))
}

/** Refuses callers: anything less does not make foreign SQL harmless. */
const CHECKS = /\bauth\s*\.\s*(uid|jwt|role)\s*\(|\b(is|has|require|assert|ensure)_\w*(admin|role|permission)\w*\s*\(/i

/** Extensions that speak HTTP: the request leaves with whatever key the body puts into it. */
const SENDS = /\b(?:extensions\s*\.\s*|net\s*\.\s*)?http(?:_(?:post|put|patch|delete|get))?\s*\(/i

const WRITES = /\b(insert\s+into|update\s+(only\s+)?["\w.]+(\s+(as\s+)?\w+)?\s+set|delete\s+from|truncate)\b/i

/** Asks who calls: directly, or through a helper that is named after a question. */
const ASKS =
  /\bauth\s*\.\s*(uid|jwt|role|email)\s*\(|current_setting|current_user|session_user|\b(is|has|can|require|assert|ensure|check|verify|authorize)_\w+\s*\(|\btoken\b|_token\b|secret|\bhash/i

function calledByPolicies(schema: SchemaModel): Set<string> {
  const policies = schema.tables.flatMap(t => t.policies)
  return new Set(policies.flatMap(p => expressionsOf(p).flatMap(tree => callsIn(tree).map(call => call.name))))
}
