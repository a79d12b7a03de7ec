import { describe, expect, it } from 'vitest'
import { maskSecrets } from './mask.ts'

// Put together here so that no scanner takes this file for a leak.
const jwt = ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9', 'eyJyb2xlIjoic2VydmljZV9yb2xlIn0', 'c2lnbmF0dXJlLW9mLXRlc3Q'].join(
  '.',
)
const random = ['q7Zr2Lx9Vw4', 'Tn8Kb3Hs6Yp1Md5'].join('')

describe('maskSecrets', () => {
  it.each([
    [`createClient(url, '${jwt}')`, "createClient(url, 'eyJ***')"],
    [`const key = 'sb_${'secret'}_${random}'`, "const key = 'sb_secret_***'"],
    [`stripe('sk_${'live'}_${random}')`, "stripe('sk_live_***')"],
    [
      `'postgresql://postgres:hunter2@db.example.com:5432/postgres'`,
      `'postgresql://postgres:***@db.example.com:5432/postgres'`,
    ],
    [`'redis://:p@ss:w0rd@cache:6379'`, `'redis://:***@cache:6379'`],
    [`accessKeyId: 'AKIA${'IOSFODNN7EXAMPLE'}'`, "accessKeyId: 'AKIA***'"],
    [`Authorization: Bearer ${random}`, 'Authorization: Bearer ***'],
    [`password: 'hunter2!x'`, "password: '***'"],
    [`const API_SECRET = "${random}"`, 'const API_SECRET = "***"'],
    [`SUPABASE_SERVICE_ROLE_KEY=${random}`, 'SUPABASE_SERVICE_ROLE_KEY=***'],
    [`const salt = '${random}'`, "const salt = '***'"],
    [`hash('${'0123456789abcdef'.repeat(2)}')`, "hash('***')"],
  ])('%s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
  })

  it.each([
    `.select('id, title, created_at, profiles(username, avatar_url)')`,
    `password: process.env.DB_PASSWORD`,
    `autoComplete="current-password"`,
    `password: 'Password is required'`,
    `import { createServiceRoleClient } from '@/lib/supabase/service-role-client'`,
    `revalidatePath('/dashboard/settings/billing/invoices')`,
    `.eq('id', '123e4567-e89b-12d3-a456-426614174000')`,
    `const url = \`postgresql://\${user}:\${password}@\${host}/db\``,
    `className="flex items-center justify-between rounded-lg2 bg-White"`,
    `https://example.com/a/very/long/path/to/some/page.html`,
  ])('leaves %s alone', text => {
    expect(maskSecrets(text)).toBe(text)
  })

  it('hides a private key and keeps the number of lines', () => {
    const body = `${'MIIEvQ'.repeat(10)}\n`.repeat(3)
    const text = `a\n-----BEGIN ${'PRIVATE'} KEY-----\n${body}-----END ${'PRIVATE'} KEY-----\nb`
    const masked = maskSecrets(text)
    expect(masked).not.toContain('MIIEvQ')
    expect(masked.split('\n')).toHaveLength(text.split('\n').length)
    expect(masked.startsWith('a\n')).toBe(true)
    expect(masked.endsWith('\nb')).toBe(true)
  })

  it('hides the middle of a private key that an excerpt cut out', () => {
    expect(maskSecrets(`${'MIIEvQ'.repeat(11)}\n${'MIIEvQ'.repeat(11)}`)).toBe('***\n***')
  })
})
