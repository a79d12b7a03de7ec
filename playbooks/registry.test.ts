import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { SECTIONS } from './document.ts'
import { loadPlaybookDocs, loadPlaybooks } from './registry.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const FRONTMATTER = `id: slow-thing
title: A slow thing
area: database
severity: high
needs: [code]
fix: advice
sources: [A public page]`

async function playbookFolder(change: { frontmatter?: string; sections?: readonly string[]; detect?: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'playbooks-'))
  folders.push(folder)
  const own = join(folder, 'database', 'slow-thing')
  await mkdir(own, { recursive: true })
  const body = (change.sections ?? SECTIONS).map(section => `## ${section}\ntext\n`).join('\n')
  await writeFile(join(own, 'playbook.md'), `---\n${change.frontmatter ?? FRONTMATTER}\n---\n${body}`)
  if (change.detect) await writeFile(join(own, 'detect.js'), change.detect)
  return folder
}

describe('the playbooks of this package', () => {
  test('are well-formed and sorted', async () => {
    const refs = (await loadPlaybookDocs()).map(doc => doc.ref)
    expect(refs).toEqual([...refs].sort())
    expect(refs.length).toBeGreaterThanOrEqual(20)
  })

  test('have a detector each', async () => {
    const documented = (await loadPlaybookDocs()).map(doc => doc.ref)
    expect((await loadPlaybooks()).map(playbook => playbook.ref)).toEqual(documented)
  })
})

describe('a playbook folder', () => {
  test('is loaded with its detector and without a list to edit', async () => {
    const folder = await playbookFolder({ detect: 'export function detect() { return [] }' })
    const [playbook] = await loadPlaybooks(folder)
    expect(playbook).toMatchObject({ ref: 'database/slow-thing', severity: 'high' })
    expect(playbook?.detect({} as never)).toEqual([])
  })

  test('without a detector is documentation only', async () => {
    const folder = await playbookFolder({})
    expect(await loadPlaybookDocs(folder)).toHaveLength(1)
    expect(await loadPlaybooks(folder)).toEqual([])
  })

  test.each([
    ['a wrong severity', { frontmatter: FRONTMATTER.replace('high', 'terrible') }, 'severity'],
    [
      'an id that is not its folder',
      { frontmatter: FRONTMATTER.replace('slow-thing', 'fast-thing') },
      'lies in database/slow-thing',
    ],
    ['an unknown field', { frontmatter: `${FRONTMATTER}\nauthor: x` }, 'author'],
    ['a bad version range', { frontmatter: `${FRONTMATTER}\nappliesTo: { next: "about 15" }` }, 'appliesTo.next'],
    ['a missing section', { sections: SECTIONS.slice(1) }, 'sections must be'],
  ])('with %s is refused by name', async (_, change, message) => {
    await expect(loadPlaybookDocs(await playbookFolder(change))).rejects.toThrow(message)
  })

  test('whose detector exports nothing is refused', async () => {
    const folder = await playbookFolder({ detect: 'export const other = 1' })
    await expect(loadPlaybooks(folder)).rejects.toThrow('does not export detect')
  })
})
