import type { TextScan } from './workspace.ts'

/** Start of a statement: of a line, or after another statement on the same line. Keeps `// import …` out. */
const statement = String.raw`(?:^|[;}])[ \t]*`
/** What may stand between `import` and `from`: names, braces, commas, stars, comments; never a quote or a semicolon. */
const clause = String.raw`((?:[\w$\s{},*]|\/\*[^*]*\*\/|\/\/[^\n]*\n)*?)`
const staticImport = new RegExp(
  String.raw`${statement}(?:import|export)\b(?:${clause}\bfrom)?\s*(?:'([^'\n]+)'|"([^"\n]+)")`,
  'gm',
)
const callImport =
  /(?<!typeof\s)\b(?:import|require)\s*\(\s*(?:\/\*[^*]*\*\/\s*)*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`)\s*[),]/g

/** Comments, other directives ("use strict") and blanks before the first statement, then the directive. */
const directive =
  /^(?:#![^\n]*\n)?(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|(?:'use strict'|"use strict");?)*(?:'use (client|server)'|"use (client|server)")/

/**
 * Any of these words means that the file may read data, answer a request, decide how a route is rendered or guard it.
 * Interface components that import nothing but React and other components hold none of them.
 */
const relevant = new RegExp(
  [
    // Data: clients and the calls on them.
    String.raw`supabase|prisma|drizzle|postgres|mongoose|kysely|knex|@vercel\/(?:kv|postgres|blob|edge-config)|upstash|redis|\bneon\b`,
    String.raw`['"](?:pg|mysql2?|slonik|better-sqlite3|@libsql\/client)['"/]`,
    String.raw`(?<!\b(?:Array|Buffer|Set|Object))\.from\s*[(<]`,
    String.raw`\.(?:rpc|auth|storage|channel|query|execute|transaction|select|insert|upsert|findMany|findFirst|findUnique)\s*[(.<]`,
    String.raw`\bsql(?:<[^\x60]*>)?\x60`,
    // Rendering and caching.
    String.raw`\b(?:cookies|headers|connection|draftMode|unstable_noStore|noStore|unstable_cache|cache|cacheLife|cacheTag|after)\s*\(`,
    String.raw`next\/(?:headers|cache|server)`,
    String.raw`\b(?:searchParams|revalidate\w*|fetchCache|generateStaticParams|generateMetadata|dynamicParams|updateTag|experimental_ppr|preferredRegion|maxDuration)\b`,
    String.raw`\b(?:dynamic|runtime)\s*=`,
    `['"]use (?:cache|server)`,
    String.raw`\buse(?:Query|InfiniteQuery|SuspenseQuery|Mutation|SWR\w*)\b|react-query|['"]swr`,
    // Requests, answers and what guards them.
    String.raw`\b(?:fetch|axios|ky|got|ofetch)\s*[(.]|XMLHttpRequest|EventSource|WebSocket`,
    String.raw`\bNext(?:Request|Response)\b|\bResponse\.(?:json|redirect)|new Response\b`,
    String.raw`\b(?:redirect|permanentRedirect|notFound|forbidden|unauthorized)\s*\(`,
    String.raw`\bz\.\w+\s*\(|['"](?:zod|valibot|yup|joi|arktype|superstruct|typebox|@sinclair)|\bsafeParse|(?<!JSON)\.parse(?:Async)?\s*\(`,
    `rate.?limit|limiter|throttle|captcha|turnstile`,
    String.raw`\b(?:auth|getServerSession|getSession|getUser|getClaims|currentUser|requireUser|requireAuth|getAuth)\s*\(`,
    `clerk|next-auth|better-auth|lucia|kinde|auth0|workos|stack-auth|iron-session|jsonwebtoken|['"]jose['"]`,
    String.raw`next-safe-action|zsa|trpc|procedure\s*\.|['"]hono|graphql|orpc`,
    // External services.
    `openai|anthropic|@ai-sdk|generateText|streamText|generateObject|streamObject|gemini|replicate|langchain`,
    String.raw`stripe|lemonsqueezy|polar|resend|octokit|sendMail|nodemailer|postmark|sendgrid|twilio|aws-sdk|googleapis|posthog|sentry|inngest|trigger\.dev|qstash`,
    // A step between two of the above: whatever waits for something, and barrels.
    String.raw`\b(?:await|async)\b|^[ \t]*export\s*(?:\*|\{[^}]*\}\s*from\b)`,
    String.raw`\bsetInterval\s*\(|\bchild_process\b|node:fs|\bfs\.\w|process\.env`,
  ].join('|'),
  'm',
)

/** Without markup, a file that defines functions may hold a validator, a guard or a layer over the data. */
const markup = /<\/[A-Za-z>]|\/>/
const definesFunction = /\bfunction\b|=>|\bclass\b/

/** What the text of a file gives away without parsing it. Comments and strings may add to it, never take away. */
export function scanText(text: string): TextScan {
  const found = directive.exec(text)
  const kind = found?.[1] ?? found?.[2]
  return {
    imports: importsOf(text),
    directive: kind === 'client' ? 'use client' : kind === 'server' ? 'use server' : undefined,
    relevant: relevant.test(text) || (definesFunction.test(text) && !markup.test(text)),
  }
}

function importsOf(text: string): string[] {
  const specifiers = new Set<string>()
  for (const match of text.matchAll(staticImport)) {
    if (match[1] === undefined || !isTypeOnly(match[1])) specifiers.add(match[2] ?? match[3]!)
  }
  if (!text.includes('require') && !text.includes('import(') && !text.includes('import (')) return [...specifiers]
  for (const match of text.matchAll(callImport)) specifiers.add((match[1] ?? match[2] ?? match[3])!)
  return [...specifiers]
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
