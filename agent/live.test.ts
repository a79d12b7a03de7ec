import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkedProject, liveOptions } from './live.ts'

const REF = 'abcdefghijklmnopqrst'
const TOKEN = { SUPABASE_ACCESS_TOKEN: 'sbp_0123456789abcdef' }
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'live-test-'))
  mkdirSync(join(root, 'supabase/.temp'), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(file: string, text: string): void {
  writeFileSync(join(root, file), text)
}

describe('where the running database is', () => {
  it('--db goes before the environment', () => {
    const env = { SCALABILITY_DATABASE_URL: 'postgresql://env/x', ...TOKEN }
    expect(liveOptions(root, { db: 'postgresql://option/x' }, env)).toEqual({ url: 'postgresql://option/x' })
    expect(liveOptions(root, {}, env)).toEqual({ url: 'postgresql://env/x' })
  })

  it('--no-db asks none', () => {
    expect(liveOptions(root, { db: false }, { SCALABILITY_DATABASE_URL: 'postgresql://env/x' })).toBeUndefined()
  })

  it('a token alone names no project', () => {
    expect(liveOptions(root, {}, TOKEN)).toBeUndefined()
  })

  it('a token and a linked project are enough', () => {
    write('supabase/.temp/project-ref', `${REF}\n`)
    expect(liveOptions(root, {}, TOKEN)).toEqual({
      management: { token: TOKEN.SUPABASE_ACCESS_TOKEN, project: REF },
    })
    expect(liveOptions(root, {}, {})).toBeUndefined()
  })

  it('sends a token nowhere but over TLS', () => {
    const env = { ...TOKEN, SUPABASE_API_URL: 'http://api.example.com' }
    expect(() => liveOptions(root, { projectRef: REF }, env)).toThrow('SUPABASE_API_URL must be an https:// address')
  })
})

describe('the linked project', () => {
  it('is project_id of the configuration when that is a reference and no local name', () => {
    write('supabase/config.toml', 'project_id = "my-shop"\n')
    expect(linkedProject(root)).toBeUndefined()
    write('supabase/config.toml', `project_id = "${REF}"\n`)
    expect(linkedProject(root)).toBe(REF)
  })

  it('is never read from a file named .env', () => {
    write('.env', `SUPABASE_PROJECT_REF=${REF}\nSCALABILITY_DATABASE_URL=postgresql://u:p@h/x\n`)
    expect(liveOptions(root, {}, TOKEN)).toBeUndefined()
  })
})
