import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildAppModel } from './code/index.ts'
import { appFiles, temporaryRepository } from './code/temporary-repository.ts'
import { readRegular } from './safefile.ts'

const hasDevices = existsSync('/dev/zero')

describe('readRegular', () => {
  const root = (): string => temporaryRepository({ 'a.txt': 'content', empty: '' })

  it('reads a file, or its beginning', () => {
    const file = path.join(root(), 'a.txt')
    expect(readRegular(file, { maxBytes: 100 }).bytes?.toString()).toBe('content')
    expect(readRegular(file, { maxBytes: 3, head: 3 }).bytes?.toString()).toBe('con')
    expect(readRegular(path.join(path.dirname(file), 'empty'), { maxBytes: 1 }).bytes).toHaveLength(0)
  })

  it('says why it does not', () => {
    const folder = root()
    symlinkSync('a.txt', path.join(folder, 'link'))
    expect(readRegular(path.join(folder, 'a.txt'), { maxBytes: 3 }).why).toBe('larger than 0 kB')
    expect(readRegular(path.join(folder, 'nothing'), { maxBytes: 3 }).why).toBe('ENOENT')
    expect(readRegular(folder, { maxBytes: 3 }).why).toBe('not a regular file')
    expect(readRegular(path.join(folder, 'link'), { maxBytes: 100 }).why).toBe('a symbolic link')
    expect(readRegular(path.join(folder, 'link'), { maxBytes: 100, follow: true }).bytes).toHaveLength(7)
  })

  it.runIf(hasDevices)('waits for no pipe and reads no device', () => {
    const folder = root()
    execFileSync('mkfifo', [path.join(folder, 'pipe')])
    expect(readRegular(path.join(folder, 'pipe'), { maxBytes: 3 }).why).toBe('not a regular file')
    expect(readRegular('/dev/zero', { maxBytes: 3, follow: true }).why).toBe('not a regular file')
  })
})

describe.runIf(hasDevices)('devices and pipes in a repository', () => {
  it('cost nothing but what they stand for', async () => {
    const root = temporaryRepository({ ...appFiles('^16.0.0'), 'node_modules/next/readme.md': '', '.git/HEAD': '' })
    symlinkSync('/dev/zero', path.join(root, 'node_modules/next/package.json'))
    for (const pipe of [
      '.git/index',
      '.gitignore',
      'tsconfig.json',
      'next.config.ts',
      'app/extra.ts',
      'package-lock.json',
    ])
      execFileSync('mkfifo', [path.join(root, pipe)])
    const model = await buildAppModel({ root })
    expect(model.routes.map(route => route.path)).toContain('/')
    expect(model.apps[0]?.next).toBe('16.0.0')
  })
})
