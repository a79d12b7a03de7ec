import { readdirSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { SEVERITIES } from '../../playbooks/finding.ts'
import { type AuditRecord, type AuditReport, auditRecordSchema, compareAudits, recordOf } from '../../reports/audit.ts'
import { renderAuditHtml } from '../../reports/audithtml.ts'
import { headline, renderAuditMarkdown } from '../../reports/auditmarkdown.ts'
import { UserError } from '../../tools/errors.ts'
import { readJson } from '../../tools/safefile.ts'
import type { AuditCommandOptions } from '../commands/audit.ts'
import { loadConfig } from '../config.ts'
import { EXIT } from '../exit.ts'
import {
  auditedFolder,
  CACHE_FOLDER,
  makeFolder,
  makeIgnoredFolder,
  REPORT_FOLDER,
  writeFilesAtomically,
} from '../folders.ts'
import { liveOptions } from '../live.ts'
import { refuseUnread } from '../phases/gaps.ts'
import { assessInThread } from '../phases/thread.ts'
import { createProgress } from '../progress.ts'
import { compareText, oneLine } from '../text.ts'

/** Larger records are none of ours. */
const MAX_BYTES = 32 * 1024 * 1024

/**
 * `agent audit`: assesses, compares with the last audit, and keeps this one for the next.
 *
 * @throws UserError for anything the user can put right
 */
export async function runAudit(dir: string, options: AuditCommandOptions, signal: AbortSignal): Promise<number> {
  const root = auditedFolder(dir)
  const config = await loadConfig(root, options.config)
  const history = options.history === undefined ? join(root, CACHE_FOLDER, 'audits') : resolve(options.history)
  const earlier = readHistory(history)
  const progress = createProgress({ quiet: options.json === true, stream: process.stderr, env: process.env })
  const now = Date.now()
  const live = liveOptions(root, options, process.env)
  const request = { root, config, cache: options.cache, shadow: options.shadow, live, now }
  const assessment = await assessInThread(request, progress, signal)
  refuseUnread(assessment)
  const record = recordOf(assessment, new Date(now).toISOString())
  const report = compareAudits(assessment, record, earlier)
  const written = write(root, { options, history, record, report })
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : summary(report, written))
  return exitCode(report, options)
}

interface Writing {
  options: AuditCommandOptions
  history: string
  record: AuditRecord
  report: AuditReport
}

/** The reports and the record; each file is there in full or not at all. */
function write(root: string, { options, history, record, report }: Writing): string[] {
  const folder = options.out === undefined ? join(root, REPORT_FOLDER) : resolve(options.out)
  if (options.out === undefined) makeIgnoredFolder(root, folder)
  else makeFolder(root, folder)
  if (options.history === undefined) makeIgnoredFolder(root, join(root, CACHE_FOLDER))
  makeFolder(root, history)
  const names = ['audit.md', 'audit.html', 'audit.json']
  writeFilesAtomically(folder, [
    { name: 'audit.md', text: renderAuditMarkdown(report) },
    { name: 'audit.html', text: renderAuditHtml(report) },
    { name: 'audit.json', text: `${JSON.stringify(report, undefined, 2)}\n` },
  ])
  const name = `${record.generatedAt.replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z')}.json`
  writeFilesAtomically(history, [{ name, text: `${JSON.stringify(record)}\n` }])
  return names.map(file => relative(process.cwd(), join(folder, file)).split(sep).join('/'))
}

/**
 * Earlier audits, oldest first.
 *
 * @throws UserError when a record is broken: an audit that silently forgets would call everything new
 */
function readHistory(folder: string): AuditRecord[] {
  const names = namesIn(folder).sort(compareText)
  return names.slice(-50).map(name => {
    const path = join(folder, name)
    const shown = oneLine(relative(process.cwd(), path) || name, 200)
    if (statSync(path).size > MAX_BYTES) throw new UserError(`${shown}: is too large for an audit; remove it`)
    const parsed = auditRecordSchema.safeParse(readJson(path, { maxBytes: MAX_BYTES }))
    if (!parsed.success)
      throw new UserError(`${shown}: is no audit of this program; remove it or name another --history`)
    return parsed.data
  })
}

function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter(entry => entry.isFile() && /^\d{8}T\d{6}Z\.json$/.test(entry.name)).map(({ name }) => name)
  } catch {
    return []
  }
}

function summary(report: AuditReport, written: readonly string[]): string {
  const lines = report.added
    .slice(0, 10)
    .map(({ severity, title, file, line }) => `  new   ${severity.padEnd(8)} ${oneLine(title, 120)} (${file}:${line})`)
  const fixed = report.fixed
    .slice(0, 10)
    .map(({ severity, title }) => `  fixed ${severity.padEnd(8)} ${oneLine(title, 120)}`)
  return `${[headline(report), ...lines, ...fixed, '', ...written].join('\n')}\n`
}

function exitCode({ added }: AuditReport, { failOnNew = 'none' }: AuditCommandOptions): number {
  if (failOnNew === 'none') return EXIT.fine
  const worst = SEVERITIES.indexOf(failOnNew)
  const count = added.filter(({ severity }) => SEVERITIES.indexOf(severity) <= worst).length
  if (count === 0) return EXIT.fine
  process.stderr.write(`agent: ${count} new ${count === 1 ? 'finding' : 'findings'} at or above ${failOnNew}\n`)
  return EXIT.thresholdExceeded
}
