import type { TextScan } from './workspace.ts'

/** Every place where an import or re-export may begin; what stands before it and after it is looked at there alone. */
const keyword = /(?:im|ex)port\b/g
/** Names, braces, commas, stars and comments up to `from`; never a quote or a semicolon. */
const staticImport =
  /(?:import|export)\b(?:((?:[\w$\s{},*]|\/\*[^*]*\*\/|\/\/[^\n]*\n){0,20000}?)\bfrom)?\s*(?:'([^'\n]+)'|"([^"\n]+)")/y
/** Exports that re-export nothing. With the limit above, text made to look like the start of an import costs little. */
const maxFailures = 2000
const callImport =
  /(?<!typeof\s)\b(?:import|require)\s*\(\s*(?:\/\*[^*]*\*\/\s*)*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`)\s*[),]/g

/** Comments, other directives ("use strict") and blanks before the first statement, then the directive. */
const directive =
  /^(?:#![^\n]*\n)?(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|(?:'use strict'|"use strict");?)*(?:'use (client|server)'|"use (client|server)")/

/**
 * Any of these means that the file itself may read data, answer a request, decide how a route is rendered or guard it; whatever
 * imports it may do so through it. Interface components hold none of them. The words are plain text, as the regular expression
 * engine makes one search tree of those: three times as fast as patterns.
 */
const words = [
  // Requests, answers and what guards them.
  ...['use server', 'fetch(', 'axios', 'ky(', 'ky.', 'got(', 'got.', 'ofetch', 'XMLHttpRequest', 'EventSource'],
  ...['WebSocket', 'useSWR', 'auth(', 'getServerSession', 'getSession', 'getUser', 'getClaims', 'currentUser'],
  ...['requireUser', 'requireAuth', 'getAuth', 'signIn', 'signOut', 'signUp'],
  // Data and external services.
  ...['supabase', 'prisma', 'drizzle', 'sql`', 'sql<', 'redis', 'openai', 'anthropic', 'generateText', 'streamText'],
  ...['generateObject', 'streamObject', 'stripe', 'resend', 'octokit', 'sendMail', 'twilio'],
]
/** Means nothing in code that runs in browsers. */
const serverWords = [
  // Rendering and caching.
  ...['cookies(', 'headers(', 'connection(', 'draftMode(', 'unstable_', 'noStore(', 'cache(', 'cacheLife', 'cacheTag'],
  ...['after(', 'searchParams', 'revalidate', 'fetchCache', 'generateStaticParams', 'generateMetadata', 'use cache'],
  ...['dynamicParams', 'updateTag', 'experimental_ppr', 'preferredRegion', 'maxDuration', 'dynamic =', 'dynamic='],
  ...['runtime =', 'runtime='],
  // Requests, answers and what guards them.
  ...['NextRequest', 'NextResponse', 'Response.json', 'Response.redirect', 'new Response', 'redirect('],
  ...['permanentRedirect(', 'notFound(', 'forbidden(', 'unauthorized('],
]
const clientWord = anyOf(words)
const serverWord = anyOf([...words, ...serverWords])

function anyOf(list: readonly string[]): RegExp {
  const sorted = [...list].sort().map(word => word.replace(/[.(]/g, '\\$&'))
  return new RegExp(`\\b(?:${sorted.join('|')})`)
}

const relevantCall =
  /\.(?<!\b(?:Array|Buffer|Object|JSON)\.)(?:auth|channel|execute|findFirst|findMany|findUnique|from|insert|query|rpc|select|storage|transaction|upsert)[(<.]|[=(,:?|]\s*fetch\s*[),;\n]/
const relevantModule =
  /supabase|prisma|drizzle|postgres|^pg$|mysql|mongo|kysely|knex|libsql|sqlite|neon|redis|upstash|@vercel\/|rate-?limit|limiter|captcha|turnstile|auth(?!ority)|clerk|lucia|kinde|workos|session|jsonwebtoken|^jose$|safe-action|zsa|trpc|orpc|hono|graphql|apollo|openai|anthropic|@ai-sdk|^ai$|gemini|replicate|langchain|stripe|lemonsqueezy|polar|resend|octokit|mailer|postmark|sendgrid|twilio|aws-sdk|googleapis|inngest|trigger\.dev|qstash|^swr|^next-intl\/server|^next\/(?:headers|cache|server)|^server-only|^(?:node:)?(?:fs|child_process)/i

/** Files of the app speak for themselves. */
const ownModule = /^(?:[.#~]|@\/)/

/** Without markup, a file may hold what others build on: validators, schemas, wrappers, names of tables. */
const markup = /<\/[A-Za-z>]|\/>/
const definesFunction = /\bfunction\b|=>|\bclass\b|\bz\./
/** Lists of constants beyond this size are data, not names. */
const maxConstants = 32_000

/** What the text of a file gives away without parsing it. Comments and strings may add to it, never take away. */
export function scanText(text: string): TextScan {
  const found = directive.exec(text)
  const kind = found?.[1] ?? found?.[2]
  const imports = new Set<string>()
  const isBarrel = addStaticImports(text, imports)
  if (text.includes('require') || /\bimport\s*\(/.test(text)) {
    for (const match of text.matchAll(callImport)) imports.add((match[1] ?? match[2] ?? match[3])!)
  }
  return {
    imports: [...imports],
    directive: kind === 'client' ? 'use client' : kind === 'server' ? 'use server' : undefined,
    relevant: isRelevant(text, kind) || [...imports].some(name => !ownModule.test(name) && relevantModule.test(name)),
    helper: isBarrel || (!markup.test(text) && (definesFunction.test(text) || text.length <= maxConstants)),
  }
}

function isRelevant(text: string, kind: string | undefined): boolean {
  return (kind === 'client' ? clientWord : serverWord).test(text) || relevantCall.test(text)
}

/** Returns whether the file re-exports from others. */
function addStaticImports(text: string, imports: Set<string>): boolean {
  let isBarrel = false
  let failures = 0
  keyword.lastIndex = 0
  for (let at = keyword.exec(text); at !== null; at = keyword.exec(text)) {
    if (!startsStatement(text, at.index)) continue
    staticImport.lastIndex = at.index
    const match = staticImport.exec(text)
    if (match === null) {
      if (++failures > maxFailures) break
      continue
    }
    keyword.lastIndex = staticImport.lastIndex
    if (match[1] !== undefined && isTypeOnly(match[1])) continue
    imports.add((match[2] ?? match[3])!)
    isBarrel ||= text.startsWith('export', at.index)
  }
  return isBarrel
}

/** At the start of a line, or after another statement on the same line: keeps `// import …` out. */
function startsStatement(text: string, index: number): boolean {
  let before = index - 1
  while (before >= 0 && (text[before] === ' ' || text[before] === '\t')) before--
  return before < 0 || '\n\r;}'.includes(text[before]!) || text.startsWith('*/', before - 1)
}

/** `import type X`, `import type { X }` and `import { type X, type Y }` leave nothing at run time. */
function isTypeOnly(names: string): boolean {
  const bare = names.replace(/\/\*[^*]*\*\/|\/\/[^\n]*\n/g, ' ').trim()
  if (/^type\b\s*(?:\{|\*|[\w$]+\s*$|[\w$]+\s*,)/.test(bare) && !/^type\s*,/.test(bare)) return true
  const braces = /^\{([\s\S]*)\}$/.exec(bare)
  if (braces === null) return false
  const members = braces[1]!.split(',').filter(member => member.trim() !== '')
  return members.length > 0 && members.every(member => /^\s*type\s+[\w$]+(?:\s+as\s+[\w$]+)?\s*$/.test(member))
}
