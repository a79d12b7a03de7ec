import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes a repository for one test: posix path → content. It is removed when the test has finished. */
export function temporaryRepository(files: Record<string, string | Buffer>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'scalability-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return root
}

/** The least that makes a folder an App Router app; `next` is the range in package.json. */
export function appFiles(next = '16.1.2', folder = ''): Record<string, string> {
  return {
    [`${folder}package.json`]: JSON.stringify({ name: 'web', dependencies: { next } }),
    [`${folder}app/layout.tsx`]: 'export default function Layout({ children }) { return children }\n',
    [`${folder}app/page.tsx`]: 'export default function Page() { return null }\n',
  }
}
