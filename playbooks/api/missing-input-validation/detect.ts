import type { AccessDraft, Endpoint, Meta, ReachedEffect } from '../../../tools/code/model.ts'
import type { DetectedFinding, EvidenceItem } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import {
  callerInputs,
  endpointLocation,
  endpointName,
  inputName,
  isDevelopmentOnly,
  isUndecided,
  isWrite,
  objectName,
  uniqueBy,
} from '../../shared.ts'

/** What a caller sends reaches the database (or a paid service) and nothing looked at its shape. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const e of code.endpoints) {
    if (e.kind === 'procedure') continue
    const uses = uniqueBy(
      e.effects.flatMap(r => usesIn(r, e)),
      u => `${u.ref}|${u.text}`,
    )
    if (uses.length === 0) continue
    // What is written counts for more than which row is.
    const writes = uses.some(u => u.written)
    const refs = uniqueBy(uses, u => u.ref).map(u => inputName(u.ref, e))
    found.push({
      title: `${endpointName(e)} uses ${refs.slice(0, 3).join(', ')}${refs.length > 3 ? ` and ${refs.length - 3} more` : ''} without validation`,
      location: endpointLocation(e),
      routes: e.routes,
      evidence: uses
        .slice(0, 4)
        .map(
          (u): EvidenceItem => ({ text: `${inputName(u.ref, e)} ${u.text}`, location: { file: u.file, line: u.line } }),
        ),
      object: `${e.kind} ${e.name}`,
      severity: writes ? 'high' : 'medium',
      confidence: uses.some(u => u.written) ? 'high' : 'medium',
      security: true,
    })
  }
  return found
}

interface Use {
  ref: string
  text: string
  file: string
  line: number
  /** It becomes data, rather than choosing rows. */
  written: boolean
}

function usesIn(r: ReachedEffect, e: Endpoint): Use[] {
  if (r.client || isDevelopmentOnly(r.facts) || r.facts.has('secret') || isUndecided(r.facts, e, 'valid')) return []
  if (r.effect.k === 'external') return r.effect.cost === 'llm' ? externalUses(r.effect.payload, r, e) : []
  if (r.effect.k !== 'access') return []
  const d = r.effect.draft
  const place = { file: d.file, line: d.line }
  const out: Use[] = []
  const add = (
    meta: Meta | undefined,
    text: string,
    written: boolean,
    keep: (ref: string, num: boolean) => boolean,
  ) => {
    for (const i of callerInputs(meta))
      if (isOfCaller(i.ref, e) && keep(i.ref, i.num)) out.push({ ref: i.ref, text, ...place, written })
  }
  const action = e.kind === 'action'
  if (isWrite(d.op) || d.op === 'rpc') {
    const readOnly = d.op === 'rpc' && !action
    add(
      d.payload,
      d.op === 'rpc' ? `is passed to ${objectName(d)}` : `is written to ${objectName(d)}`,
      d.op !== 'rpc',
      (ref, num) => !(num && d.op === 'rpc') && (!readOnly || !ref.startsWith('query')),
    )
  }
  for (const f of d.filters) {
    const text = isWrite(d.op)
      ? `chooses the rows of ${objectName(d)} that are changed`
      : `chooses the rows of ${objectName(d)} that are read`
    if (action || isWrite(d.op))
      add(f.meta, text, false, (ref, num) => !num && f.op !== 'or' && !r.facts.has(`found:${ref}`))
  }
  add(d.raw?.meta, `is put into filter text of ${objectName(d)}`, false, (_ref, num) => !num)
  // A schema that says "string" lets any number through: what becomes of the text has no upper bound.
  if (d.limit?.meta?.text && !d.limit.meta.bounded && !d.limit.meta.inp?.length)
    out.push({
      ref: 'size',
      text: `sets how many rows of ${objectName(d)} are read, without an upper bound`,
      ...place,
      written: false,
    })
  if (d.limit)
    add(d.limit.meta, `sets how many rows of ${objectName(d)} are read, without an upper bound`, false, () => true)
  if (d.offset && d.range)
    add(d.offset.meta, `sets where reading ${objectName(d)} starts`, false, () => !d.limit?.value)
  return out
}

function externalUses(meta: Meta | undefined, r: ReachedEffect, e: Endpoint): Use[] {
  if (r.effect.k !== 'external') return []
  const what = r.effect.what
  return callerInputs(meta)
    .filter(i => isOfCaller(i.ref, e))
    .map(i => ({
      ref: i.ref,
      text: `goes to ${what}, at any length`,
      file: r.effect.file,
      line: r.effect.line,
      written: false,
    }))
}

/** Path parameters only name a row, headers and cookies are judged as credentials. */
function isOfCaller(ref: string, e: Endpoint): boolean {
  const source = ref.split('.')[0] as string
  return e.kind === 'handler'
    ? source === 'body' || source === 'form' || source === 'query'
    : source.startsWith('arg') || source === 'form'
}

export type { AccessDraft }
