import semver from 'semver'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { AREAS, SEVERITIES } from './finding.ts'
import type { PlaybookDoc } from './playbook.ts'

/** Sections of every playbook.md, in this order: the documentation, `agent explain` and the model's context rely on them. */
export const SECTIONS = [
  'Why it breaks at 10,000 users',
  'When it is fine',
  'Fix',
  'Security',
  'Verify',
  'Roll back',
] as const

const versionRange = z.string().refine(range => semver.validRange(range) !== null, 'is not a semver range')

const frontmatter = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case words joined by hyphens'),
  title: z.string().min(1),
  area: z.enum(AREAS),
  severity: z.enum(SEVERITIES),
  needs: z.array(z.enum(['code', 'schema', 'database'])).min(1),
  appliesTo: z.strictObject({ next: versionRange.optional() }).optional(),
  fix: z.enum(['auto', 'draft', 'advice']),
  security: z.boolean().optional(),
  sources: z.array(z.string().min(1)).min(1),
})

/**
 * Reads the text of a playbook.md. `area` and `id` are the folder names, which the frontmatter must repeat.
 * Throws an Error that names the playbook and every mistake in it: a playbook is part of the program, not user input.
 */
export function parsePlaybookDoc(area: string, id: string, text: string): PlaybookDoc {
  const ref = `${area}/${id}`
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text.replace(/^\uFEFF/, ''))
  if (!match) throw new Error(`${ref}/playbook.md: no frontmatter`)
  const parsed = frontmatter.safeParse(parseYaml(match[1] ?? ''))
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(issue => `${issue.path.join('.') || 'frontmatter'}: ${issue.message}`)
    throw new Error(`${ref}/playbook.md: ${mistakes.join('; ')}`)
  }
  const meta = parsed.data
  if (meta.area !== area || meta.id !== id) {
    throw new Error(`${ref}/playbook.md: says ${meta.area}/${meta.id}, but lies in ${ref}`)
  }
  const body = (match[2] ?? '').replace(/\r\n/g, '\n').trim()
  const headings = [...body.matchAll(/^## (.+)$/gm)].map(heading => heading[1]?.trim())
  if (headings.join('\n') !== SECTIONS.join('\n')) {
    throw new Error(`${ref}/playbook.md: sections must be ${SECTIONS.join(' · ')}`)
  }
  return { ...meta, ref, body }
}
