import type { ts as Typescript } from 'ts-morph'
import type { GateReason } from '../verdict.ts'
import type { CodeFile } from './text-rules.ts'

type Node = Typescript.Node

const FILE = /(^|\/)next\.config\.[cm]?[jt]s$/

/** Settings about speed; what else changes may open the app. Headers are compared by their own rule. */
const FREE =
  /^(images\.(minimumCacheTTL|formats|deviceSizes|imageSizes|qualities)|experimental\.(optimizePackageImports|staleTimes|ppr|optimizeCss|cacheComponents|useCache|cacheLife|reactCompiler|webpackBuildWorker|webpackMemoryOptimizations|turbo\w*|parallelServer\w+|optimizeServerReact|inlineCss|viewTransition|preloadEntriesOnStart|serverMinification|after|dynamicIO)|cacheComponents|cacheLife|compress|reactCompiler|serverExternalPackages|transpilePackages|expireTime|staticPageGenerationTimeout|cacheMaxMemorySize|generateEtags|swcMinify|modularizeImports|compiler\.removeConsole|logging|onDemandEntries|turbopack|reactStrictMode|headers|distDir|outputFileTracingRoot)\b/

/** Settings that only protect. */
const SAFE =
  /^(poweredByHeader=false|productionBrowserSourceMaps=false|typescript\.ignoreBuildErrors=false|eslint\.ignoreDuringBuilds=false)$/

export async function nextConfigReasons(files: readonly CodeFile[]): Promise<GateReason[]> {
  const { ts } = await import('ts-morph')
  const out: GateReason[] = []
  for (const file of files) {
    if (!FILE.test(file.path) || file.after === undefined) continue
    const then = settings(ts, file.path, file.before ?? '')
    const now = settings(ts, file.path, file.after)
    for (const key of new Set([...then.keys(), ...now.keys()])) {
      const [was, is] = [then.get(key), now.get(key)]
      if (was?.text === is?.text || FREE.test(key) || SAFE.test(`${key}=${is?.text}`)) continue
      out.push({
        rule: 'config-weakened',
        object: `${file.path} ${key}`,
        evidence: `${was?.text.slice(0, 120) ?? 'nothing'} → ${is?.text.slice(0, 120) ?? 'nothing'}`,
        file: file.path,
        line: is?.line ?? 1,
      })
    }
    const cached = [...now].filter(
      ([key, { text }]) => key === 'headers' && /cache-control/i.test(text) && /\bpublic\b|s-maxage/i.test(text),
    )
    for (const [key, { text, line }] of cached) {
      if (
        then.get(key)?.text === text ||
        /_next\/static|\.\(?(svg|png|jpe?g|webp|woff2?|js|css|ico)|fonts|images|static|assets/.test(text)
      )
        continue
      out.push({
        rule: 'user-data-in-shared-cache',
        object: `${file.path} ${key}`,
        evidence: '→ Cache-Control for everybody on paths of the app',
        file: file.path,
        line,
      })
    }
  }
  return out
}

/** Properties of the configuration's objects, dotted; a function is one value. */
function settings(ts: typeof Typescript, path: string, text: string): Map<string, { text: string; line: number }> {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)
  const out = new Map<string, { text: string; line: number }>()
  const put = (key: string, node: Node) =>
    out.set(key, {
      text: node
        .getText()
        .replace(/\s+/g, ' ')
        .replace(/"/g, "'")
        .replace(/;/g, '')
        .replace(/,\s*([}\])])/g, ' $1')
        .replace(/\s+/g, ' '),
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
    })
  const read = (object: Typescript.ObjectLiteralExpression, prefix: string): void => {
    for (const property of object.properties) {
      const name = property.name?.getText().replace(/['"]/g, '') ?? '…'
      const key = prefix === '' ? name : `${prefix}.${name}`
      if (ts.isPropertyAssignment(property) && ts.isObjectLiteralExpression(property.initializer))
        read(property.initializer, key)
      else if (ts.isPropertyAssignment(property)) put(key, property.initializer)
      else put(key, property)
    }
  }
  const visit = (node: Node): void => {
    if (ts.isObjectLiteralExpression(node)) read(node, '')
    else ts.forEachChild(node, visit)
  }
  visit(source)
  return out
}
