import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { allEffects, at, callerInputs, inputName, uniqueBy } from '../../shared.ts'

/** SQL text assembled from what the caller sends. */
export function detect({ code, schema }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const r of allEffects(code)) {
    if (r.effect.k !== 'access') continue
    const d = r.effect.draft
    if (!d.raw || (d.client === 'supabase-js' && d.sql === undefined)) continue
    const inputs = callerInputs(d.raw.meta)
    // A schema that says "string" lets a quote through.
    if (inputs.length === 0 && !d.raw.meta?.text) continue
    found.push({
      title: inputs[0]
        ? `SQL text contains ${inputName(inputs[0].ref)}`
        : 'SQL text contains text that the caller chose',
      location: at(d.file, d.line, d.endLine),
      routes: [],
      evidence: [
        {
          text: 'the value is part of the statement, not a parameter: the caller can change what it does, and no plan is reused',
        },
      ],
      object: `raw ${d.table ?? 'sql'}`,
      severity: 'critical',
      confidence: 'high',
      security: true,
    })
  }
  const called = new Set(code.accesses.flatMap(a => (a.rpc ? [a.rpc] : [])))
  for (const f of schema?.functions ?? []) {
    if (f.language !== 'plpgsql' || !called.has(f.name)) continue
    const line = dynamicSql(f.body)
    if (line === undefined) continue
    found.push({
      title: `${f.name}() runs SQL text that it assembles from its arguments`,
      location: f.location,
      routes: code.accesses.filter(a => a.rpc === f.name).flatMap(a => a.routes),
      evidence: [
        { text: 'EXECUTE of a string joined with || instead of USING parameters; the app calls it through rpc()' },
      ],
      object: `function ${f.name}`,
      severity: 'critical',
      confidence: 'high',
      security: true,
    })
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}

/** EXECUTE with text joined by ||, where what is joined is not quoted by quote_literal, quote_ident or format(%L, %I). */
function dynamicSql(body: string): number | undefined {
  const plain = body.replace(/--[^\n]*/g, '')
  for (const m of plain.matchAll(/\bexecute\s+([^;]+);/gi)) {
    const text = (m[1] as string)
      .replace(/\bquote_(literal|ident|nullable)\s*\([^)]*\)/gi, "''")
      .replace(/\bformat\s*\(\s*'[^']*(%[IL][^']*)+'/gi, '')
    if (!/\|\|/.test(text)) continue
    const joined = text.split('||').map(p =>
      p
        .trim()
        .replace(/\busing\b[\s\S]*$/i, '')
        .trim(),
    )
    if (joined.some(p => /^[a-z_][\w.]*(::\w+)?$/i.test(p))) return plain.slice(0, m.index).split('\n').length
  }
  return undefined
}
