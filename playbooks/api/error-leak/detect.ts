import type { Endpoint, Meta } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, endpointName, uniqueBy } from '../../shared.ts'

/** Raw error text goes to the caller. Thrown text does not: Next replaces it by a digest in production. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: (DetectedFinding & { holds?: boolean })[] = []
  for (const e of code.endpoints) {
    const out: { meta: Meta; file: string; line: number; endLine: number }[] = []
    if (e.kind === 'action' || e.kind === 'procedure') {
      for (const r of e.returns)
        if (r.meta?.err) out.push({ meta: r.meta, file: r.file, line: r.line, endLine: r.endLine })
    }
    if (e.kind === 'handler') {
      for (const r of e.effects)
        if (r.effect.k === 'respond' && !r.client && !r.facts.has('secret') && r.effect.meta?.err)
          out.push({ meta: r.effect.meta, file: r.effect.file, line: r.effect.line, endLine: r.effect.endLine })
    }
    for (const o of out) {
      const kind = kindOf(o.meta)
      if (!kind) continue
      const read = o.meta.errAt
      const place = placeOf(o, e)
      found.push({
        title: `${endpointName(e)} returns the text of ${kind.text} to the caller`,
        location: at(place.file, place.line, place.endLine),
        routes: e.routes,
        evidence: [{ text: kind.why, ...(read ? { location: { file: read.file, line: read.line } } : {}) }],
        object: `leak ${kind.text}`,
        holds: place.file === e.file && place.line >= e.line && place.line <= e.endLine,
        confidence: kind.sure ? 'high' : 'medium',
        security: true,
      })
    }
  }
  // The function that holds the line names it best.
  const holds = (f: { holds?: boolean }) => f.holds === true
  found.sort((a, b) => Number(holds(b)) - Number(holds(a)))
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`).map(({ holds: _, ...f }) => f)
}

/**
 * The line that a person edits. For a handler: the response, or the line before it where the text entered a list or an object. For
 * an action: where the text enters what is returned. When a helper of another file builds that from text it is given, it is the
 * line here that hands over the text.
 */
function placeOf(
  o: { meta: Meta; file: string; line: number; endLine: number },
  e: Endpoint,
): { file: string; line: number; endLine?: number } {
  const { errIn, errAt } = o.meta
  const response = { file: o.file, line: o.line, endLine: o.endLine }
  if (e.kind === 'handler') {
    if (o.file !== e.file) return errAt?.file === e.file ? errAt : response
    return errIn?.file === e.file && (errIn.line < o.line || errIn.line > o.endLine) ? errIn : response
  }
  if (errIn?.file === e.file) return errIn
  if (errAt?.file === e.file) return errAt
  return errIn ?? errAt ?? response
}

function kindOf(meta: Meta): { text: string; why: string; sure: boolean } | undefined {
  const err = meta.err ?? []
  if (err.includes('database'))
    return {
      text: 'a database error',
      why: 'database messages name tables, columns, constraints and values',
      sure: true,
    }
  // Only the text itself: an error object that is merely inside a larger value may never be serialised.
  if (!meta.errAt) return undefined
  if (err.includes('external'))
    return {
      text: 'an error of a third party',
      why: 'client libraries put URLs, request details and account names into their messages',
      sure: false,
    }
  if (err.includes('exception'))
    return { text: 'an exception', why: 'whatever was thrown is shown: file paths, addresses, internals', sure: false }
  return undefined
}

export type { Endpoint }
