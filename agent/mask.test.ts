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
    // Parts of URLs.
    ['`https://api.example.com/v1?api_key=abc123&page=2`', '`https://api.example.com/v1?api_key=***&page=2`'],
    ['postgresql://db:5432/app?user=app&password=hunter', 'postgresql://db:5432/app?user=app&password=***'],
    ["'postgres://app:pa/ss@db/app'", "'postgres://app:***@db/app'"],
    [`fetch('https://${random}@hooks.example.com/x')`, "fetch('https://***@hooks.example.com/x')"],
    ["'postgres://a:one@h1/x,postgres://b:two@h2/x'", "'postgres://a:***@h1/x,postgres://b:***@h2/x'"],
    ['"host=db user=app password=hunter2 dbname=app"', '"host=db user=app password=*** dbname=app"'],
    // Short ones, where their name says what they are.
    ["'x-api-key': 'abc123'", "'x-api-key': '***'"],
    ["headers.set('apikey', 'k3y-1')", "headers.set('apikey', '***')"],
    ['// curl -H "apikey: abc123" -H "x-api-key: 4567ab"', '// curl -H "apikey: ***" -H "x-api-key: ***"'],
    ["const pwd = 'hunter2'", "const pwd = '***'"],
    ["{ user: 'app', pwd: 'p@ss' }", "{ user: 'app', pwd: '***' }"],
    ["if (req.body.password === 'letme1n') {", "if (req.body.password === '***') {"],
    ["process.env.JWT_SECRET ?? 'dev-secret-123'", "process.env.JWT_SECRET ?? '***'"],
    ["process.env.API_KEY! || 'abc12345'", "process.env.API_KEY! || '***'"],
    ["const apiKey: string = 'abc12345'", "const apiKey: string = '***'"],
    ['"{\\"password\\":\\"hunter2\\"}"', '"{\\"password\\":\\"***\\"}"'],
    ['Authorization: Bearer abc123', 'Authorization: Bearer ***'],
    ['DB_PWD=hunter2', 'DB_PWD=***'],
    // Telegram.
    [`bot(123456789:${'AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw8'})`.replace('bot(', 'bot('), 'bot(123456789:***)'],
    [
      `https://api.telegram.org/bot123456789:${'AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw8'}/getMe`,
      'https://api.telegram.org/bot123456789:***/getMe',
    ],
    // Tokens in pieces.
    [`'${jwt.split('.').join(".' +\n  '")}'`, `'eyJ***' +\n  '***' +\n  '***'`],
    [`['${jwt.split('.').join("', '")}'].join('.')`, `['eyJ***', '***', '***'].join('.')`],
    [`"${jwt.slice(0, 30)}\\\n${jwt.slice(30)}"`, '"eyJ***\\\n***"'],
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
    'const keyJournalEntries = eyJournalEntries.filter(Boolean)',
    'import { re_export_everything_else } from "./re_export_everything_else"',
    'className="sk-fading-circle-container"',
    'npm_config_registry_default',
    "passwordResetUrl: 'https://example.com/account/reset-2'",
    `href: '/reset?token=\${token}&password=\${password}'`,
    `const password = \`\${prefix}\${suffix}\``,
    "token: 'color-gray-500'",
    "accessTokenLifetime: '3600s'",
    "type: 'password', name: 'new-password'",
    '<Input password={password} apiKey={apiKey1} />',
    `fetch(\`http://localhost:\${port}/users/@me\`)`,
    "'https://unpkg.com/scalability-agent@1.2.3/schemas/x.json'",
    "'git+ssh://git@github.com:owner/repository.git'",
    "title: 'Basic plan2024'",
    "createHmac(secret, 'sha256').update(Buffer.from(signingSecret, 'base64'))",
    "if (!key.startsWith('-----BEGIN PRIVATE KEY-----')) {\n  throw new Error('not a key')\n}\nreturn key",
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

  it('hides a private key in one literal, and one whose end is missing', () => {
    const body = 'MIIEvQ'.repeat(10)
    expect(
      maskSecrets(`key: "-----BEGIN ${'PRIVATE'} KEY-----\\n${body}\\n-----END ${'PRIVATE'} KEY-----\\n", b: 1`),
    ).toBe('key: "-----BEGIN PRIVATE KEY----- ***\\n", b: 1')
    expect(maskSecrets(`-----BEGIN RSA ${'PRIVATE'} KEY-----\n${body}\n${body}`)).toBe(
      '-----BEGIN PRIVATE KEY----- ***\n\n',
    )
    expect(maskSecrets(`${body}\n-----END ${'PRIVATE'} KEY-----`)).not.toContain('MIIEvQ')
  })

  it('changes nothing more the second time', () => {
    const once = maskSecrets(
      `a('${jwt}')\nDB_PASSWORD=${random}\npostgres://a:b@c\n-----BEGIN ${'PRIVATE'} KEY-----\nMIIE\n`,
    )
    expect(maskSecrets(once)).toBe(once)
  })

  // A regular expression that backtracks needs minutes for these; the slowest rule needs some hundred milliseconds.
  it.each([
    'secret_',
    'SECRET_',
    'secret-password ',
    'secret:',
    'password=',
    '-eyJ',
    'eyJhbGciOiJ',
    "eyJhbGciOiJ'+'",
    'x://',
    'x://a:b',
    'x://a:b,',
    'x://a:b@',
    '?token=',
    '&key=a',
    'Bearer ',
    ' \n',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----A',
    '-----END PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nMIIE\n',
    'A'.repeat(64),
    "'",
    "a='",
    "password: 'aaaa",
    'x-api-key: ',
    'x-api-',
    'AKIA',
    'sk-a_',
    '12345678:',
    'password\\',
    'DB_PASSWORD=a',
    'password=a;',
  ])('takes time in proportion to the length of %j, over and over', piece => {
    const text = piece.repeat(Math.ceil(400_000 / piece.length))
    expect(maskSecrets(text).length).toBeGreaterThan(0)
    expect(maskSecrets(`${text}\u0000'"`).length).toBeGreaterThan(0)
  })

  it('hides the middle of a private key that an excerpt cut out', () => {
    expect(maskSecrets(`${'MIIEvQ'.repeat(11)}\n${'MIIEvQ'.repeat(11)}`)).toBe('***\n***')
  })
})
