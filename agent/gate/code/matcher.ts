import type { AppModel, ProxyModel } from '../../../tools/code/model.ts'
import type { GateReason } from '../verdict.ts'

/** Paths that the proxy saw before must still come to it; files that belong to nobody need not. */
export function matcherReasons(before: AppModel, after: AppModel): GateReason[] {
  const out: GateReason[] = []
  for (const app of before.apps) {
    if (!app.proxy) continue
    const now = after.apps.find(one => one.root === app.root)?.proxy
    if (!now) {
      out.push({
        rule: 'proxy-narrowed',
        object: 'proxy',
        evidence: `${app.proxy.file} → gone`,
        file: app.proxy.file,
        line: 1,
      })
      continue
    }
    if (now.matcherUnknown && !app.proxy.matcherUnknown) {
      out.push({
        rule: 'proxy-narrowed',
        object: 'matcher',
        evidence: 'a matcher that can be read → one that cannot',
        file: now.file,
        line: now.line,
      })
      continue
    }
    const lost = pathsOf(before).filter(path => matches(app.proxy!, path) && !matches(now, path))
    if (lost.length > 0)
      out.push({
        rule: 'proxy-narrowed',
        object: 'matcher',
        evidence: `ran for ${lost.slice(0, 4).join(', ')} → does not`,
        file: now.file,
        line: now.line,
      })
  }
  return out
}

const USUAL = [
  '/',
  '/login',
  '/dashboard',
  '/dashboard/settings',
  '/admin',
  '/admin/users',
  '/api/data',
  '/api/admin/users',
  '/account',
  '/settings/profile',
  '/app',
  '/app/x',
  '/some/page',
]

function pathsOf(model: AppModel): string[] {
  const routes = model.routes.map(route =>
    route.path.replace(/\[\[?\.{3}[^\]]+\]\]?/g, 'a/b').replace(/\[[^\]]+\]/g, 'x1'),
  )
  return [...new Set([...routes, ...USUAL, ...routes.map(route => `${route === '/' ? '' : route}/deeper`)])].filter(
    path => !/\.\w+$/.test(path),
  )
}

function matches(proxy: ProxyModel, path: string): boolean {
  if (proxy.matcher === undefined) return !proxy.matcherUnknown || true
  return proxy.matcher.some(pattern => expressionOf(pattern)?.test(path) ?? true)
}

/** A matcher of Next's as a regular expression: `:name`, `:name*`, `:name+`, `:name?`, and groups as they stand. */
function expressionOf(pattern: string): RegExp | undefined {
  let out = ''
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at)
    const named = /^\/:(\w+)(\((?:[^()]|\([^()]*\))*\))?([*+?])?/.exec(rest)
    if (named) {
      const inner = named[2] ? `(?:${named[2].slice(1, -1)})` : '[^/]+'
      out +=
        named[3] === '*'
          ? `(?:/${named[2] ? inner : '.*'})?`
          : named[3] === '+'
            ? `/${named[2] ? inner : '.+'}`
            : named[3] === '?'
              ? `(?:/${inner})?`
              : `/${inner}`
      at += named[0].length
    } else if (rest.startsWith('(')) {
      const end = closing(pattern, at)
      if (end < 0) return undefined
      out += pattern.slice(at, end)
      at = end
    } else {
      out += rest[0]!.replace(/[.+?^${}|[\]\\]/g, '\\$&')
      at++
    }
  }
  try {
    return new RegExp(`^${out}/?$`)
  } catch {
    return undefined
  }
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at + 1
  }
  return -1
}
