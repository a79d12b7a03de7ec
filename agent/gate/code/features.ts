import type { ts as Typescript } from 'ts-morph'
import { moduleState } from './module-state.ts'
import { queryText } from './query-text.ts'
import { functionName } from './schemas.ts'

/**
 * What a file does that matters for safety, as a bag of short texts: one entry per place. Read from the syntax, so it works where the app
 * model cannot follow (a fragment without the module that a call leads to). Names of local variables do not matter, names of calls do.
 */
export interface Feature {
  /** Group, e.g. "eval" or "guard". */
  kind: string
  /** What is compared. */
  text: string
  line: number
  /** Name of the function around it. */
  fn?: string
}

export interface FileFeatures {
  features: Feature[]
  error?: { message: string; line: number }
  client: boolean
}

type TS = typeof Typescript
type Node = Typescript.Node

export async function featuresOf(path: string, text: string): Promise<FileFeatures> {
  const { ts } = await import('ts-morph')
  const kind = /\.tsx$/.test(path) ? ts.ScriptKind.TSX : /\.[cm]?ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JSX
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const diagnostics =
    (source as unknown as { parseDiagnostics?: { messageText: unknown; start: number }[] }).parseDiagnostics ?? []
  const [first] = diagnostics
  const lineOf = (at: number) => source.getLineAndCharacterOfPosition(at).line + 1
  const features: Feature[] = []
  const add = (kind: string, node: Node, value: string) =>
    features.push({ kind, text: value, line: lineOf(node.getStart(source)), fn: functionName(ts, node) })
  const visit = (node: Node): void => {
    readNode(ts, node, add)
    ts.forEachChild(node, visit)
  }
  visit(source)
  features.push(...moduleState(ts, source))
  for (const { range, comment } of commentsOf(ts, source, text)) features.push(...readComment(comment, lineOf(range)))
  const directive = source.statements[0]
  const client =
    directive !== undefined &&
    ts.isExpressionStatement(directive) &&
    ts.isStringLiteral(directive.expression) &&
    directive.expression.text === 'use client'
  return {
    features,
    client,
    ...(first && { error: { message: String(first.messageText), line: lineOf(first.start) } }),
  }
}

function* commentsOf(
  ts: TS,
  source: Typescript.SourceFile,
  text: string,
): Generator<{ range: number; comment: string }> {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text)
  const seen = new Set<number>()
  const visit = function* (node: Node): Generator<{ range: number; comment: string }> {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      if (seen.has(range.pos)) continue
      seen.add(range.pos)
      yield { range: range.pos, comment: text.slice(range.pos, range.end) }
    }
    for (const child of node.getChildren(source)) yield* visit(child)
  }
  void scanner
  yield* visit(source)
}

function readComment(comment: string, line: number): Feature[] {
  const out: Feature[] = []
  if (/@ts-(nocheck|ignore|expect-error)/.test(comment))
    out.push({ kind: 'suppression', text: /@ts-\w+/.exec(comment)![0], line })
  if (/(eslint|biome|oxlint|tslint|stylelint|prettier)-?(disable|ignore)/.test(comment))
    out.push({ kind: 'suppression', text: 'lint rule switched off', line })
  if (
    /scalability-(ignore|disable|suppress|allow)|nosemgrep|nosec|codeql\[|istanbul ignore|c8 ignore|v8 ignore/i.test(
      comment,
    )
  )
    out.push({ kind: 'suppression', text: comment.slice(0, 60), line })
  return out
}

type Add = (kind: string, node: Node, value: string) => void

function readNode(ts: TS, node: Node, add: Add): void {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) readCall(ts, node, add)
  else if (ts.isJsxAttribute(node)) readAttribute(ts, node, add)
  else if (ts.isPropertyAssignment(node)) readProperty(ts, node, add)
  else if (ts.isIfStatement(node)) readGuard(ts, node, add)
  else if (ts.isThrowStatement(node)) add('throw', node, 'throw')
  else if (ts.isCatchClause(node) && node.block.statements.length === 0) add('swallowed', node, 'empty catch')
  else if (ts.isPropertyAccessExpression(node)) readMember(ts, node, add)
  else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    readAssignment(ts, node, add)
  else if (ts.isTaggedTemplateExpression(node) && /sql|query/i.test(node.tag.getText())) add('sql', node, 'tagged')
  else if (ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression) && /^use /.test(node.expression.text))
    add('directive', node, node.expression.text)
  else if (ts.isFunctionDeclaration(node) || ts.isVariableStatement(node)) readExport(ts, node, add)
  else if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
    add('import', node, node.moduleSpecifier.text)
  else if (ts.isObjectLiteralExpression(node)) readObject(ts, node, add)
  else if (ts.isArrayLiteralExpression(node)) readPaths(ts, node, add)
  else if (ts.isStringLiteralLike(node)) readString(node, add)
}

function calleeOf(ts: TS, node: Typescript.CallExpression | Typescript.NewExpression): { name: string; full: string } {
  const callee = node.expression
  const full = callee.getText().replace(/\s+/g, '').replace(/\?\./g, '.')
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : full
  return { name, full }
}

const LOGS = /^(console|logger|log|pino|winston)\.(log|info|warn|error|debug|trace)$/
const SENSITIVE =
  /password|passwd|secret|token|api_?key|authorization|cookies?\b|session\b|credential|service_role|private_?key|\bssn\b|\bcard|\bcvc|headers\b|\bemail\b|\bphone\b|\buser\b(?!\.?_?id)|\bbody\b|\bprofile\b|process\.env\b(?!\.(NODE_ENV|VERCEL))/i
const DANGER: [string, RegExp][] = [
  ['eval', /^(eval|Function|vm\.\w+|setTimeout\.constructor)$/],
  [
    'process',
    /^(exec|execSync|execFile|execFileSync|spawn|spawnSync|fork|child_process\.\w+|process\.(binding|dlopen|kill))$/,
  ],
  ['raw-sql', /(^|\.)(raw|unsafe|\$queryRawUnsafe|\$executeRawUnsafe)$/],
  ['html', /(^|\.)(insertAdjacentHTML|createContextualFragment|document\.write|document\.writeln)$/],
]

function readCall(ts: TS, node: Typescript.CallExpression | Typescript.NewExpression, add: Add): void {
  const { name, full } = calleeOf(ts, node)
  const args = node.arguments ?? []
  for (const [kind, pattern] of DANGER)
    if (pattern.test(full) && !(kind === 'process' && /^\w*(regex|re|pattern)\w*$/i.test(full))) {
      if (
        kind === 'raw-sql' &&
        (full === 'String.raw' || args.every(arg => ts.isStringLiteral(arg) || ts.isNoSubstitutionTemplateLiteral(arg)))
      )
        continue
      add(kind, node, full)
    }
  if (LOGS.test(full)) {
    const said = args
      .filter(arg => !ts.isStringLiteral(arg) && !ts.isNoSubstitutionTemplateLiteral(arg))
      .map(arg => arg.getText())
      .join(', ')
    if (SENSITIVE.test(said)) add('log', node, said.replace(/\s+/g, ' ').slice(0, 80))
  }
  add('call', node, name)
  if (name === 'from' && args[0]) add('query', node, queryText(ts, node, args[0]))
  if (name === 'rpc') add('rpc', node, args[0]?.getText() ?? '')
  if (/^(getUser|getSession|getClaims)$/.test(name) && /auth/.test(full)) add('session', node, name)
  if (
    /^(any|unknown|passthrough|loose|catchall|looseObject)$/.test(name) &&
    (/^z\./.test(full) || /\bz\.|[Ss]chema/.test(full))
  )
    add('schema-open', node, name)
  if (/^(redirect|permanentRedirect)$/.test(name) || /(NextResponse|Response)\.redirect$/.test(full)) {
    const target = args[0]?.getText() ?? ''
    if (/searchParams|params\.get|formData|\bnext\b|redirectTo|returnTo|return_to|callbackUrl|referer/i.test(target))
      add('redirect', node, target.replace(/\s+/g, ' ').slice(0, 100))
  }
  if (
    /^(createAdminClient|createServiceClient|createServiceRoleClient|getSupabaseAdmin|supabaseAdmin|getServiceSupabase|createAdmin|getAdminClient|serviceClient|adminClient|createServiceRole)$/i.test(
      name,
    )
  )
    add('service', node, name)
  if (full === 'fetch' || /^axios/.test(full)) {
    const url = args[0]?.getText() ?? ''
    add('fetch', node, /['"`](https?:\/\/[^/'"`$]+)/.exec(url)?.[1] ?? 'unknown')
  }
  if (/^(unstable_cache|cache)$/.test(name)) add('cache', node, name)
  if (name === 'postMessage' && args[1]?.getText() === "'*'") add('html', node, 'postMessage to anybody')
  if (/^(describe|it|test)$/.test(full)) add('test', node, 'test')
  if (/^(describe|it|test)\.(skip|todo|only|fails)$|^x(it|describe|test)$/.test(full)) add('test-off', node, full)
  if (name === 'expect') add('expect', node, 'expect')
  if (
    /^(timingSafeEqual|constructEvent|constructEventAsync|createHmac|verifySignature|verifyWebhook|verifyWebhookSignature|jwtVerify|verifyToken|verifyCsrf\w*|validateCsrf\w*|checkOrigin|verifyOrigin|assertSameOrigin)$/i.test(
      name,
    )
  )
    add('verify', node, name)
  if (
    /rate_?limit|throttle|limiter/i.test(full) &&
    !/^(new )?Ratelimit|slidingWindow|fixedWindow|fromEnv/.test(full) &&
    !/^z\./.test(full)
  )
    add('limit', node, name)
  if (
    /^(safeParse|safeParseAsync|parse|parseAsync|validate|validateSync|parseInput|validateInput|assertValid\w*)$/.test(
      name,
    ) &&
    !/^(JSON|Date|URL|qs|path|url|Number)\./.test(full)
  )
    add('validate', node, 'validate')
  if (/^(sanitize\w*|escape\w*|DOMPurify\.sanitize|purify)$/i.test(name)) add('sanitize', node, name)
  if (
    /^(require|ensure|assert|check|verify|protect|authorize|authenticate|guard)\w*(User|Auth|Session|Admin|Role|Permission|Access|Owner|Member|Login|SignedIn|Token)\w*$/i.test(
      name,
    )
  )
    readGuardCall(ts, node, name, add)
  if (
    /^(withAuth|withUser|withAdmin|withRole|withRateLimit|withValidation|authenticated|protectedProcedure|adminProcedure|authedProcedure|authActionClient|adminAction\w*|protectedAction\w*)$/.test(
      name,
    )
  )
    add('guard-call', node, name)
  if (/(headers|Headers|response|res)\.(set|append|setHeader)$/.test(full) || /\.setHeader$/.test(full)) {
    const header = args[0]
    if (header && args[1] && ts.isStringLiteralLike(header) && HEADERS.test(header.text))
      add('header', node, `${header.text.toLowerCase()}: ${resolved(ts, args[1])}`)
  }
  if (/(slidingWindow|fixedWindow|tokenBucket|cachedFixedWindow)$/.test(full))
    add('window', node, args.map(arg => arg.getText()).join(', '))
  if (/(startsWith|endsWith|includes|match|test)$/.test(name) && /path|url/i.test(full)) {
    for (const arg of args)
      if (ts.isStringLiteralLike(arg) && arg.text.startsWith('/')) add('path-test', node, arg.text)
  }
  if (
    ts.isCallExpression(node) &&
    /rate_?limit|limiter|throttle/i.test(full) &&
    args.length > 0 &&
    /(limit|check|consume|allow\w*|hit|isAllowed|Limit|limiter)$/i.test(name)
  )
    add(
      'limit-key',
      node,
      args
        .map(arg => arg.getText())
        .join(', ')
        .replace(/\s+/g, ' '),
    )
  if (/(\.|^)set$/.test(full) && /cookies?/i.test(full) && args.length > 2) add('cookie', node, args[0]!.getText())
}

const ERROR_NAME = /^(e|ex|err|error|cause|reason|exception|\w+(Error|Err))$/

/** Whether a value goes into an answer: a returned object, or the body of a response. */
function isAnswered(ts: TS, node: Node): boolean {
  for (let at: Node | undefined = node.parent; at; at = at.parent) {
    if (ts.isReturnStatement(at)) return true
    if (ts.isCallExpression(at) && LOGS.test(at.expression.getText())) return false
    if (ts.isCallExpression(at) && /^(NextResponse|Response)\.json$|^res\.(json|send)$/.test(at.expression.getText()))
      return true
    if (ts.isNewExpression(at) && /Response$/.test(at.expression.getText())) return true
    if (ts.isThrowStatement(at) || ts.isBlock(at) || ts.isIfStatement(at) || ts.isBinaryExpression(at)) return false
  }
  return false
}

/** A call that guards; one whose failure is caught on the spot guards nothing. */
function readGuardCall(ts: TS, node: Node, name: string, add: Add): void {
  if (ts.isVoidExpression(node.parent)) return
  if (ts.isPropertyAccessExpression(node.parent) && /^(catch|then|finally)$/.test(node.parent.name.text)) return
  add('guard-call', node, name)
  if (ts.isAwaitExpression(node.parent)) add('guard-await', node, name)
  if (/admin|role|owner|staff|moderator|permission/i.test(name)) add('guard-strong', node, name)
}

function readMember(ts: TS, node: Typescript.PropertyAccessExpression, add: Add): void {
  if (
    /^(message|stack|details|hint|cause)$/.test(node.name.text) &&
    ts.isIdentifier(node.expression) &&
    ERROR_NAME.test(node.expression.text) &&
    isAnswered(ts, node)
  )
    add('error-text', node, `${node.expression.text}.${node.name.text}`)
  const text = node.getText().replace(/\s+/g, '')
  if (/^process\.env\.\w+$/.test(text)) {
    const name = node.name.text
    if (/SERVICE_ROLE|SECRET|PRIVATE|PASSWORD/.test(name)) add('secret-env', node, name)
    if (/^NEXT_PUBLIC_.*(SECRET|SERVICE|PRIVATE|PASSWORD|ADMIN)/.test(name)) add('public-secret', node, name)
  }
  if (
    /^(protectedProcedure|adminProcedure|authedProcedure|authActionClient|adminActionClient|protectedActionClient|authAction|adminAction|protectedAction)$/.test(
      text,
    ) ||
    (ts.isIdentifier(node.expression) &&
      /^(protected|admin|authed|auth|private)\w*(Procedure|Action|ActionClient)$/.test(node.expression.text))
  )
    add('guard-call', node, node.expression.getText())
}

function readAttribute(ts: TS, node: Typescript.JsxAttribute, add: Add): void {
  const name = node.name.getText()
  if (name === 'dangerouslySetInnerHTML') add('html', node, name)
  if (name === 'srcDoc') add('html', node, name)
  const value = node.initializer
  if (
    /^(href|src|action)$/.test(name) &&
    value &&
    ts.isStringLiteral(value) &&
    /^(javascript|data:text\/html)/i.test(value.text)
  )
    add('html', node, `${name}=${value.text.slice(0, 40)}`)
  if (/^on[A-Z]/.test(name)) add('handler', node, name)
}

const HEADERS =
  /^(content-security-policy(-report-only)?|strict-transport-security|x-frame-options|x-content-type-options|referrer-policy|permissions-policy|cross-origin-[\w-]+|access-control-[\w-]+|x-xss-protection|set-cookie|cache-control|cdn-cache-control|vercel-cdn-cache-control|surrogate-control|vary|www-authenticate)$/i

function readProperty(ts: TS, node: Typescript.PropertyAssignment, add: Add): void {
  const name = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : node.name.getText()
  const value = node.initializer.getText().replace(/\s+/g, ' ')
  if (/^(httpOnly|secure|sameSite)$/i.test(name)) add('cookie-flag', node, `${name}: ${value}`)
  if (name === 'maxAge' && /\b(httpOnly|secure|sameSite)\b/.test(node.parent.getText())) add('cookie-age', node, value)
  if (name === 'rejectUnauthorized' && value === 'false') add('tls', node, 'rejectUnauthorized: false')
  if (name === '__html') add('html', node, '__html')
  if (HEADERS.test(name)) add('header', node, `${name.toLowerCase()}: ${value.slice(0, 300)}`)
  if (/^(ssl)$/.test(name) && value === 'false') add('tls', node, 'ssl: false')
  if (
    /^(ignoreBuildErrors|ignoreDuringBuilds|dangerouslyAllowSVG|dangerouslyDisable\w*|productionBrowserSourceMaps|allowedOrigins|allowedDevOrigins|bodySizeLimit|unoptimized|poweredByHeader)$/.test(
      name,
    )
  )
    add('config', node, `${name}: ${value}`)
  if (/^(persistSession|detectSessionInUrl|autoRefreshToken|flowType)$/.test(name))
    add('auth-option', node, `${name}: ${value}`)
}

/** `{ key: 'X-Frame-Options', value: … }` of next.config and vercel.json, and rows whose owner a later spread replaces. */
function readObject(ts: TS, node: Typescript.ObjectLiteralExpression, add: Add): void {
  const memberOf = (name: string) =>
    node.properties.flatMap(one =>
      ts.isPropertyAssignment(one) && one.name.getText() === name ? [one.initializer] : [],
    )[0]
  const [key, value] = [memberOf('key'), memberOf('value')]
  if (key && value && ts.isStringLiteralLike(key) && HEADERS.test(key.text))
    add('header', node, `${key.text.toLowerCase()}: ${resolved(ts, value)}`)
  const owned = node.properties.findIndex(
    one =>
      ts.isPropertyAssignment(one) &&
      /(user|owner|author|created_?by|account|tenant|org|team)_?(id)?$/i.test(one.name.getText()) &&
      /\b(user|session|claims|auth|profile|ctx)\b|userId/i.test(one.initializer.getText()),
  )
  if (owned >= 0 && node.properties.slice(owned + 1).some(one => ts.isSpreadAssignment(one)))
    add('overridable-owner', node, 'a spread after the owner')
}

/** A value, or what the constant of that name in the same file is. */
function resolved(ts: TS, value: Typescript.Expression): string {
  const short = (node: Node) => node.getText().replace(/\s+/g, ' ').replace(/"/g, "'").slice(0, 1000)
  if (!/^[\w.]+/.test(value.getText()) || ts.isStringLiteralLike(value)) return short(value)
  const name = /^\w+/.exec(value.getText())?.[0]
  const found: string[] = []
  const visit = (node: Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name && node.initializer)
      found.push(short(node.initializer))
    ts.forEachChild(node, visit)
  }
  visit(value.getSourceFile())
  return found[0] ?? short(value)
}

/** Lists of paths of the app, by the name they stand under. */
function readPaths(ts: TS, node: Typescript.ArrayLiteralExpression, add: Add): void {
  const paths = node.elements.flatMap(one =>
    ts.isStringLiteralLike(one) && one.text.startsWith('/') ? [one.text] : [],
  )
  if (paths.length === 0) return
  let holder: Node = node.parent
  while (
    ts.isAsExpression(holder) ||
    ts.isNewExpression(holder) ||
    ts.isParenthesizedExpression(holder) ||
    ts.isSatisfiesExpression(holder)
  )
    holder = holder.parent
  const name = ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder) ? holder.name.getText() : '?'
  if (name === 'matcher') return
  for (const path of paths) add('path-list', node, `${name} ${path}`)
}

function readAssignment(ts: TS, node: Typescript.BinaryExpression, add: Add): void {
  const left = node.left.getText()
  if (/\.(innerHTML|outerHTML|srcdoc)$/.test(left)) add('html', node, left)
  if (/NODE_TLS_REJECT_UNAUTHORIZED/.test(left)) add('tls', node, left)
  if (/document\.cookie$/.test(left)) add('cookie', node, left)
  void ts
}

/** An `if` that ends the function: what it asks about, and what it ends with. */
function readGuard(ts: TS, node: Typescript.IfStatement, add: Add): void {
  if (!guardEnds(ts, node)) return
  const condition = node.expression.getText()
  for (const kind of guardKinds(condition, node.thenStatement.getText()))
    add(`guard-${kind}`, node, condition.replace(/\s+/g, ' ').slice(0, 120))
}

export function guardEnds(ts: TS, node: Typescript.IfStatement): boolean {
  const last = ts.isBlock(node.thenStatement) ? node.thenStatement.statements.at(-1) : node.thenStatement
  if (last === undefined) return false
  if (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isContinueStatement(last)) return true
  return (
    ts.isExpressionStatement(last) &&
    /^(await )?(redirect|permanentRedirect|notFound|forbidden|unauthorized|next)\(/.test(last.getText())
  )
}

export function guardKinds(condition: string, block: string): string[] {
  const inside = block.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, '')
  const out: string[] = []
  const about = `${condition}\n${inside}`
  if (/signature|hmac|timingSafe|SECRET|process\.env\.\w*(TOKEN|KEY)/.test(condition) || /signature/i.test(condition))
    return ['secret']
  if (/role|admin|permission|canAccess|isOwner|\ballowed\b|(?<!un)authorized|forbidden|\b403\b/i.test(about))
    out.push('role')
  else if (
    /user|session|auth|claims|signed|logged|\b401\b|unauthori[sz]ed|login/i.test(condition) ||
    /\b401\b|unauthori[sz]ed|not (signed|logged) in|\/login|sign-?in/i.test(inside)
  )
    out.push('auth')
  if (/user_?id|owner|author|created_?by|member|tenant|org(anization)?_?id|team_?id/i.test(condition)) out.push('owner')
  if (/signature|secret|token|hmac|csrf|origin|timingSafe|webhook|CRON/i.test(condition)) out.push('secret')
  if (/rate_?limit|limited|\b429\b|too many|throttl/i.test(about) || /limit(er)?\b.*success|allowed/i.test(condition))
    out.push('limit')
  if (
    /\b(400|413|415|422)\b|invalid|required|must |too (long|large|short)|missing/i.test(inside) ||
    /parsed|\.success|typeof|Number\.is|\.length|isValid|validate|\.test\(|includes\(/i.test(condition)
  )
    out.push('input')
  if (out.length > 0) return out
  if (/error|err\b|!data\b|\bres(ponse)?\.ok|\.ok\b|\bfailed\b/i.test(condition)) return ['error']
  // Whatever it asks: it refuses.
  if (/\berror\b|\bthrow\b|(success|ok): false|\b4\d\d\b|redirect\(|notFound\(|forbidden\(/i.test(inside))
    out.push('input')
  return out
}

function readExport(ts: TS, node: Typescript.FunctionDeclaration | Typescript.VariableStatement, add: Add): void {
  const exported = node.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.ExportKeyword)
  if (!exported) return
  if (ts.isFunctionDeclaration(node)) add('export', node, node.name?.text ?? 'default')
  else
    for (const declaration of node.declarationList.declarations) {
      add('export', node, declaration.name.getText())
      if (/^(dynamic|revalidate|fetchCache|runtime)$/.test(declaration.name.getText()))
        add('segment', node, `${declaration.name.getText()} = ${declaration.initializer?.getText() ?? ''}`)
    }
}

function readString(node: Typescript.StringLiteralLike, add: Add): void {
  const text = node.text
  if (/^(postgres(ql)?|mysql|redis|mongodb)(\+srv)?:\/\/[^\s:]+:[^\s@]+@/.test(text))
    add('secret', node, 'connection string with a password')
  if (
    /^http:\/\/(?!localhost|127\.|\[::1\]|0\.0\.0\.0|www\.w3\.org|schemas?\.|www\.sitemaps\.org|example\.)/.test(text)
  )
    add('tls', node, text.slice(0, 60))
}
