import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadPlaybookDocs } from './registry.ts'

/**
 * What somebody would grep for each problem. In the examples at least three places answer to that and are fine all the same: without
 * them an example app without findings would prove nothing.
 */
const GREP: Record<string, RegExp> = {
  'api/error-leak': /error\.message|\.message\b/,
  'api/fail-open-rate-limit': /return (true|\{ (success|allowed|ok): true|\{ ok)|allowed: true|success: true|catch/,
  'api/missing-auth-check': /\.(insert|update|upsert|delete|rpc)\(/,
  'api/missing-input-validation':
    /request\.json\(\)|formData\(\)|input: unknown|form: FormData|searchParams|\(id: string/,
  'api/missing-rate-limit':
    /\.create\(|\.send\(|signUp|generateText|resetPassword|\.insert\(|api\.\w+\.com|ilike|textSearch/,
  'api/missing-timeout': /fetch\(|\.create\(|generateText\(/,
  'auth/service-role-exposure': /create\w*(Admin|Service)\w*\(|SERVICE_ROLE/,
  'auth/session-not-verified': /getSession\(/,
  'auth/user-lookup-per-request': /get(User|Claims|Session)\(|matcher/,
  'caching/cached-failure': /unstable_cache\(|'use cache'/,
  'caching/dynamic-layout': /cookies\(\)|headers\(\)|getUser\(\)|requireUser\(|createClient\(/,
  'caching/force-dynamic': /force-dynamic|revalidate = 0|noStore\(|no-store/,
  'caching/inert-revalidate': /export const revalidate/,
  'caching/user-data-in-shared-cache': /unstable_cache\(|'use cache|s-maxage|Cache-Control/,
  'database/direct-connection': /new (Pool|PrismaClient|Client)\(|postgres\(|5432|DATABASE_URL/,
  'database/exact-count': /count: 'exact'|\.count\(/,
  'database/n-plus-one': /\.map\(|for \(|forEach\(/,
  'database/offset-pagination': /\.range\(|skip:|offset/,
  'database/raw-sql': /sql`|\$queryRaw|\.unsafe\(|\.query\(|execute/,
  'database/unbounded-query': /\.select\(|findMany\(/,
}

const OWN_FOLDER = dirname(fileURLToPath(import.meta.url))

/** Lines of code in the playbook's examples that the pattern finds and that nothing is expected of. */
function twinsOf(ref: string, pattern: RegExp): string[] {
  const folder = join(OWN_FOLDER, ref, 'examples')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    // The clients are the same in all examples.
    .filter(file => !/[\\/]lib[\\/]supabase[\\/]/.test(file))
  return files.flatMap(file => {
    const text = readFileSync(file, 'utf8')
    if (text.includes('expect:')) return []
    return text.split('\n').filter(line => pattern.test(line) && !/^\s*(\/\/|\*|\/\*\*|import )/.test(line))
  })
}

describe('good twins', async () => {
  const docs = await loadPlaybookDocs()

  test('are counted for every playbook that reads code alone', () => {
    const reads = docs.filter(doc => doc.needs.every(need => need === 'code')).map(doc => doc.ref)
    expect(reads.filter(ref => GREP[ref] === undefined)).toEqual([])
  })

  test.each(Object.entries(GREP))('of %s are at least three', (ref, pattern) => {
    expect(twinsOf(ref, pattern).length).toBeGreaterThanOrEqual(3)
  })
})
