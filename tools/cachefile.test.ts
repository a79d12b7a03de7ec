import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { isCacheFolder, makeCacheFolder, openCacheFile } from './cachefile.ts'
import { buildAppModel } from './code/index.ts'
import { appFiles, temporaryRepository } from './code/temporary-repository.ts'

const cacheOf = (root: string): string => path.join(root, '.scalability/cache')

function assess(root: string): ReturnType<typeof buildAppModel> {
  return buildAppModel({ root, cacheDir: cacheOf(root) })
}

describe('the cache inside the audited folder', () => {
  it('is used again', async () => {
    const root = temporaryRepository(appFiles())
    await assess(root)
    expect((await assess(root)).stats.parsed).toBe(0)
    expect(readFileSync(path.join(root, '.scalability/.gitignore'), 'utf8')).toBe('*\n')
  })

  it('is ignored when somebody else wrote it, however well it is made', async () => {
    const root = temporaryRepository(appFiles())
    await assess(root)
    // The same content, stored by a program that does not know the key.
    for (const name of ['ir.bin', 'model.bin']) {
      const file = path.join(cacheOf(root), name)
      const bytes = readFileSync(file)
      writeFileSync(file, Buffer.concat([Buffer.alloc(32), bytes.subarray(32)]))
    }
    expect((await assess(root)).stats.parsed).toBe(2)
  })

  it('is ignored in the format of an earlier version, which was not signed', async () => {
    const root = temporaryRepository(appFiles())
    await assess(root)
    const ir = deserialize(readFileSync(path.join(cacheOf(root), 'ir.bin')).subarray(32))
    writeFileSync(path.join(cacheOf(root), 'ir.bin'), serialize(ir))
    writeFileSync(path.join(cacheOf(root), 'model.bin'), '')
    expect((await assess(root)).stats.parsed).toBe(2)
  })

  it('is ignored when one of its files was renamed to another', () => {
    const folder = cacheOf(temporaryRepository({ '.scalability/x': '' }))
    openCacheFile(folder, 'ir.bin').write(Buffer.from('content'))
    expect(openCacheFile(folder, 'ir.bin').read()?.toString()).toBe('content')
    writeFileSync(path.join(folder, 'model.bin'), readFileSync(path.join(folder, 'ir.bin')))
    expect(openCacheFile(folder, 'model.bin').read()).toBeUndefined()
  })

  it.each(['.scalability', '.scalability/cache'])('is not used when %s is a link', async link => {
    const elsewhere = temporaryRepository({ 'readme.md': '' })
    const root = temporaryRepository(appFiles())
    if (link.includes('/')) mkdirSync(path.join(root, path.dirname(link)))
    symlinkSync(elsewhere, path.join(root, link))
    expect((await assess(root)).stats.parsed).toBe(2)
    expect(readdirSync(elsewhere)).toEqual(['readme.md'])
  })

  it('is not written through a planted .gitignore', async () => {
    const elsewhere = temporaryRepository({ 'readme.md': '' })
    const root = temporaryRepository({ ...appFiles(), '.scalability/cache/x': '' })
    symlinkSync(path.join(elsewhere, 'made'), path.join(root, '.scalability/.gitignore'))
    await assess(root)
    expect(existsSync(path.join(elsewhere, 'made'))).toBe(false)
  })

  it('is not written through planted files', async () => {
    const elsewhere = temporaryRepository({ 'victim.txt': 'before' })
    const root = temporaryRepository({ ...appFiles(), '.scalability/cache/x': '' })
    for (const name of ['ir.bin', 'model.bin'])
      for (const file of [name, `${name}.${process.pid}.tmp`])
        symlinkSync(path.join(elsewhere, 'victim.txt'), path.join(cacheOf(root), file))
    await assess(root)
    expect(readFileSync(path.join(elsewhere, 'victim.txt'), 'utf8')).toBe('before')
    expect(lstatSync(path.join(cacheOf(root), 'ir.bin')).isFile()).toBe(true)
    expect(readdirSync(cacheOf(root)).filter(name => /\.[0-9a-f]{16}\.tmp$/.test(name))).toEqual([])
  })

  it('makes folders of its own, and none behind a link', () => {
    const elsewhere = temporaryRepository({ 'readme.md': '' })
    const root = temporaryRepository({ 'readme.md': '' })
    const folder = path.join(cacheOf(root), 'shadow')
    expect(isCacheFolder(folder)).toBe(false)
    expect(makeCacheFolder(folder)).toBe(true)
    expect(isCacheFolder(folder)).toBe(true)
    symlinkSync(elsewhere, path.join(cacheOf(root), 'planted'))
    expect(makeCacheFolder(path.join(cacheOf(root), 'planted'))).toBe(false)
    expect(makeCacheFolder(path.join(cacheOf(root), 'planted/deeper'))).toBe(false)
    expect(readdirSync(elsewhere)).toEqual(['readme.md'])
  })
})
