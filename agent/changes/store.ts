import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from '../../tools/safefile.ts'
import { changeKey } from '../../tools/workspace/key.ts'
import { CACHE_FOLDER, makeFolder, makeIgnoredFolder, writeFilesAtomically } from '../folders.ts'
import { CHANGE_OUTCOMES, type ChangeRecord } from './record.ts'

/** Where records lie, inside the audited folder. */
export const CHANGES_FOLDER = `${CACHE_FOLDER}/changes`

/** A record holds whole files; what is larger was not written by us. */
const MAX_BYTES = 20 * 1024 * 1024

/** Makes the folder for records. @throws UserError when it cannot be made */
export function changesFolder(root: string): string {
  makeIgnoredFolder(root, join(root, CACHE_FOLDER))
  const folder = join(root, ...CHANGES_FOLDER.split('/'))
  makeFolder(root, folder)
  return folder
}

/** Name of a record's file: the change's key; of the finding's where there is no change. */
export function recordKey({
  playbook,
  finding,
  change,
}: Pick<ChangeRecord, 'playbook' | 'finding' | 'change'>): string {
  return change?.key ?? changeKey(playbook, finding)
}

/** Writes the record, whole or not at all, and with it the text for a pull request. */
export function writeRecord(folder: string, record: ChangeRecord, text: string): void {
  const key = recordKey(record)
  const files = [{ name: `${key}.json`, text: `${JSON.stringify(record, null, 2)}\n` }]
  writeFilesAtomically(folder, text === '' ? files : [...files, { name: `${key}.md`, text }])
}

/** Records of earlier runs, sorted by key; files that are none are left out. */
export function readRecords(root: string): ChangeRecord[] {
  return recordFiles(root).flatMap(({ content }) => (isRecord(content) ? [content] : []))
}

/** What lies where records lie, sorted by name: its JSON, undefined when it is none. */
export function recordFiles(root: string): { name: string; content: unknown }[] {
  const folder = join(root, ...CHANGES_FOLDER.split('/'))
  if (!isOwnFolder(join(root, CACHE_FOLDER)) || !isOwnFolder(folder)) return []
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => ({ name, content: readJson(join(folder, name), { maxBytes: MAX_BYTES }) }))
}

/** A link in its place was made by the repository, not by us. */
function isOwnFolder(path: string): boolean {
  return existsSync(path) && lstatSync(path).isDirectory()
}

function isRecord(value: unknown): value is ChangeRecord {
  if (typeof value !== 'object' || value === null) return false
  const record = value as Partial<Record<keyof ChangeRecord, unknown>>
  return (
    record.formatVersion === 1 &&
    typeof record.finding === 'string' &&
    typeof record.playbook === 'string' &&
    CHANGE_OUTCOMES.some(outcome => outcome === record.outcome)
  )
}

/** Takes away records that a whole run did not write again: what they were about is gone. */
export function removeOtherRecords(folder: string, keep: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    const key = /^([0-9a-f]{12})\.(json|md)$/.exec(name)?.[1]
    if (key !== undefined && !keep.has(key)) rmSync(join(folder, name), { force: true })
  }
}
