import type { Endpoint, ReachedEffect } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import {
  anonymousMay,
  callerInputs,
  endpointLocation,
  endpointName,
  isAuthenticated,
  isDevelopmentOnly,
  isUndecided,
  isWrite,
  letsPeopleIn,
  objectName,
} from '../../shared.ts'

/** Work that costs money or room and that one caller may ask for without end. */
export function detect(input: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const e of input.code.endpoints) {
    if (e.effects.some(r => isUndecided(r.facts, e, 'limited'))) continue
    const ignored = e.effects.some(r => r.facts.has('limiter-ignored'))
    if (!ignored && e.effects.some(r => r.effect.k === 'limit' || isLimited(r.facts))) continue
    if (e.effects.some(r => r.effect.k === 'respond' && /s-maxage/.test(r.effect.cacheControl ?? ''))) continue
    const cost = e.effects
      .map(r => costOf(r, e, input))
      .filter(c => c !== undefined)
      .sort((a, b) => a.rank - b.rank)[0]
    if (!cost) continue
    found.push({
      title: `${endpointName(e)} ${cost.text}, without a rate limit`,
      location: endpointLocation(e),
      routes: e.routes,
      evidence: [{ text: cost.why, location: { file: cost.file, line: cost.line } }],
      object: `${e.kind} ${e.name}`,
      severity: cost.rank <= 1 ? 'high' : 'medium',
      confidence: cost.rank <= 1 ? 'high' : 'medium',
      security: true,
    })
  }
  return found
}

function isLimited(facts: ReadonlySet<string>): boolean {
  return facts.has('limited') || facts.has('limiter-asked')
}

interface Cost {
  rank: number
  text: string
  why: string
  file: string
  line: number
}

/** Everything else that is billed by the call is no model: sandboxes, crawlers. */
const MODELS = /AI|Anthropic|Mistral|Groq|Cohere|Replicate|Hugging|fetch|Bedrock|LangChain|Gemini|Claude|model/i

/** A signed-in person who decides what is sent, or to whom. Administrators are trusted with it. */
function mailOfMember(r: ReachedEffect, place: { file: string; line: number }): Cost | undefined {
  const x = r.effect
  if (x.k !== 'external' || !x.payload?.caller || r.facts.has('role')) return undefined
  return {
    rank: 2,
    text: `sends e-mail (${x.what}) with what the caller enters`,
    why: "one account can use up the sending quota and the domain's reputation",
    ...place,
  }
}

function costOf(r: ReachedEffect, e: Endpoint, { schema }: DetectInput): Cost | undefined {
  // Jobs that ask for a header, however weakly, are not called by people.
  if (r.client || r.facts.has('secret') || r.facts.has('claimed') || isDevelopmentOnly(r.facts)) return undefined
  const x = r.effect
  const known = isAuthenticated(r.facts)
  const place = { file: x.file, line: x.line }
  if (x.k === 'external') {
    if (x.cost === 'llm')
      return {
        rank: 0,
        text: MODELS.test(x.what) ? `calls a model (${x.what})` : `calls ${x.what}, which bills each call`,
        why: 'every call costs money and seconds',
        ...place,
      }
    if (x.cost === 'sms')
      return { rank: 0, text: `sends messages (${x.what})`, why: 'every call costs money', ...place }
    if (x.cost === 'email')
      return known
        ? mailOfMember(r, place)
        : {
            rank: 0,
            text: `sends e-mail (${x.what}) for anybody`,
            why: "anybody can use up the sending quota and the domain's reputation",
            ...place,
          }
    if (!known && x.kind === 'sdk' && x.method === 'POST' && !letsPeopleIn(e) && !isUndecided(r.facts, e, 'auth'))
      return {
        rank: 1,
        text: `calls ${x.what} for anybody`,
        why: 'no sign-in and no limit: every request becomes one of theirs',
        ...place,
      }
    const loop = r.loops.some(l => l.kind === 'data' || l.kind === 'paging')
    if (loop && !x.own && !r.facts.has('role'))
      return {
        rank: 2,
        text: `crawls ${x.host ?? 'a third party'} on demand`,
        why: 'one request causes many',
        ...place,
      }
    return undefined
  }
  if (known) return undefined
  if (x.k === 'sign-in') {
    const method = String(x.data.method)
    return /^(signUp|resetPasswordForEmail|signInWithOtp|resend)$/.test(method)
      ? {
          rank: 1,
          text: `sends mail through auth.${method}() for anybody`,
          why: "the project's mail quota is shared by all users; from the server, Auth sees one address for all callers",
          ...place,
        }
      : undefined
  }
  if (x.k !== 'access') return undefined
  const d = x.draft
  if (isUndecided(r.facts, e, 'auth')) return undefined
  if (isWrite(d.op) && d.op !== 'delete') {
    // Row-level security may stop an anonymous caller; then there is nothing to limit.
    if (d.client === 'supabase-js' && d.role !== 'service' && anonymousMay(schema, d, d.op) === false) return undefined
    return d.op === 'update'
      ? undefined
      : {
          rank: 1,
          text: `adds rows to ${objectName(d)} for anybody`,
          why: 'no sign-in and no limit: the table grows as fast as requests arrive',
          ...place,
        }
  }
  if (
    d.op === 'select' &&
    d.search &&
    (d.filters.some(f => callerInputs(f.meta).length > 0 || /like|fts|textSearch/i.test(f.op)) ||
      callerInputs(d.raw?.meta).length > 0)
  )
    return {
      rank: 3,
      text: `searches ${objectName(d)} for anybody`,
      why: "a text search of the caller's choice on every request",
      ...place,
    }
  return undefined
}
