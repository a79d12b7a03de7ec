import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/** getUser() in the proxy: one request to the auth server for every request that the matcher lets in. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const app of code.apps) {
    const proxy = app.proxy
    if (!proxy || proxy.matcherUnknown) continue
    const look = proxy.effects.find(
      r => r.effect.k === 'session' && r.effect.api === 'getUser' && !r.facts.has('path-checked'),
    )
    if (!look) continue
    // Leaving early for some paths (static files, as a rule) is as good as a matcher.
    const assets = look.facts.has('path-other')
      ? 0
      : matches(proxy.matcher, ['/_next/static/chunks/main.js', '/images/logo.png', '/favicon.ico'])
    const everything = matches(proxy.matcher, ['/', '/about', '/a/b/c'])
    // The start page is everybody's: a matcher that holds it asks for visitors too.
    if (everything < 3 && matches(proxy.matcher, ['/']) === 0) continue
    const name = /middleware\.[a-z]+$/.test(proxy.file) ? 'middleware' : 'proxy'
    found.push({
      title:
        assets > 0
          ? `The ${name} asks the auth server who the user is for every request, assets included`
          : `The ${name} asks the auth server who the user is for nearly every page and prefetch`,
      location: at(look.effect.file, look.effect.line),
      routes: [],
      evidence: [
        {
          text: proxy.matcher
            ? `matcher: ${proxy.matcher.slice(0, 6).join(', ')}${proxy.matcher.length > 6 ? ` and ${proxy.matcher.length - 6} more` : ''}`
            : `no matcher: the ${name} runs on every request${assets > 0 ? ', static files included' : ' and leaves early for some paths'}`,
          location: at(proxy.file, proxy.line),
        },
        {
          text: 'getUser() is a network call each time; getClaims() verifies the token in place when the project signs with asymmetric keys',
        },
      ],
      object: 'proxy getUser',
      severity: assets > 0 ? 'high' : 'medium',
      confidence: 'high',
    })
  }
  return found
}

/** How many of the paths the matcher lets in. No matcher lets in all. */
function matches(matcher: readonly string[] | undefined, paths: readonly string[]): number {
  if (!matcher) return paths.length
  const patterns = matcher.map(toRegExp)
  return paths.filter(p => patterns.some(r => r?.test(p))).length
}

/** Next's matchers are path-to-regexp patterns; groups in them are regular expressions already. */
function toRegExp(pattern: string): RegExp | undefined {
  const body = pattern
    .replace(/\/:(\w+)\*/g, '(?:/.*)?')
    .replace(/\/:(\w+)\+/g, '/.+')
    .replace(/\/:(\w+)\?/g, '(?:/[^/]+)?')
    .replace(/\/:(\w+)\(([^)]*)\)/g, '/($2)')
    .replace(/\/:(\w+)/g, '/[^/]+')
  try {
    return new RegExp(`^${body}$`)
  } catch {
    return undefined
  }
}
