import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parsePlaybookDoc } from './document.ts'
import { AREAS } from './finding.ts'
import type { Detect, Fix, Playbook, PlaybookDoc } from './playbook.ts'

/** This folder: playbooks/ in the sources, dist/playbooks/ in the package. Both hold `<area>/<id>/playbook.md`. */
const OWN_FOLDER = dirname(fileURLToPath(import.meta.url))

/** `detect.js` in the package, `detect.ts` in the sources. */
const DETECTOR_FILES = ['detect.js', 'detect.ts']
const FIX_FILES = ['fix.js', 'fix.ts']

/**
 * What every playbook says, without loading a detector (for `agent explain` and the documentation). Sorted by ref.
 * Throws when a playbook.md is malformed.
 */
export async function loadPlaybookDocs(folder: string = OWN_FOLDER): Promise<PlaybookDoc[]> {
  const docs = await Promise.all((await playbookFolders(folder)).map(place => readDoc(folder, place)))
  return docs.sort(byRef)
}

/**
 * Every playbook that has a detector, sorted by ref. A folder is found by listing the directory: adding one adds the check.
 * Throws when a playbook.md is malformed or a detector does not export `detect`.
 */
export async function loadPlaybooks(folder: string = OWN_FOLDER): Promise<Playbook[]> {
  const docs = await loadPlaybookDocs(folder)
  const playbooks = await Promise.all(docs.map(async doc => withDetector(folder, doc)))
  return playbooks.filter(playbook => playbook !== undefined)
}

interface Place {
  area: string
  id: string
}

async function playbookFolders(folder: string): Promise<Place[]> {
  const places: Place[] = []
  for (const area of AREAS) {
    const areaFolder = join(folder, area)
    if (!existsSync(areaFolder)) continue
    for (const entry of await readdir(areaFolder, { withFileTypes: true })) {
      if (entry.isDirectory() && existsSync(join(areaFolder, entry.name, 'playbook.md'))) {
        places.push({ area, id: entry.name })
      }
    }
  }
  return places
}

async function readDoc(folder: string, { area, id }: Place): Promise<PlaybookDoc> {
  return parsePlaybookDoc(area, id, await readFile(join(folder, area, id, 'playbook.md'), 'utf8'))
}

async function withDetector(folder: string, doc: PlaybookDoc): Promise<Playbook | undefined> {
  const file = DETECTOR_FILES.map(name => join(folder, doc.area, doc.id, name)).find(existsSync)
  if (!file) return undefined
  const module: { detect?: unknown } = await import(/* @vite-ignore */ pathToFileURL(file).href)
  if (typeof module.detect !== 'function') throw new Error(`${doc.ref}: ${file} does not export detect`)
  return { ...doc, detect: module.detect as Detect }
}

/** The deterministic fix of a playbook (`<area>/<id>`), undefined when it has none. Throws when the file does not export `fix`. */
export async function loadFix(ref: string, folder: string = OWN_FOLDER): Promise<Fix | undefined> {
  const file = FIX_FILES.map(name => join(folder, ref, name)).find(existsSync)
  if (!file) return undefined
  const module: { fix?: unknown } = await import(/* @vite-ignore */ pathToFileURL(file).href)
  if (typeof module.fix !== 'function') throw new Error(`${ref}: ${file} does not export fix`)
  return module.fix as Fix
}

function byRef(a: PlaybookDoc, b: PlaybookDoc): number {
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0
}
