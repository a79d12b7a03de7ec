import type { ModuleIR } from './ir.ts'
import type { AppModel, Conventions } from './model.ts'
import { compareText } from './order.ts'

/** How this app already does things, so that what is proposed looks as if its own authors wrote it. */
export function conventionsOf(model: AppModel, modules: Map<string, ModuleIR>): Conventions {
  const out: Conventions = {}
  const dependencies = Object.assign({}, ...model.apps.map(a => a.dependencies)) as Record<string, string>
  const first = (names: string[]) => names.find(n => n in dependencies)
  const set = (key: keyof Conventions, value: string | undefined) => {
    if (value) out[key] = value
  }
  set('validation', first(['zod', 'valibot', 'yup', 'arktype', 'joi', 'superstruct']))
  set(
    'rateLimit',
    first(['@upstash/ratelimit', '@arcjet/next', 'rate-limiter-flexible', '@unkey/ratelimit', '@vercel/firewall']),
  )
  set('tests', first(['vitest', 'jest', '@playwright/test', 'cypress']))
  set('formatter', first(['@biomejs/biome', 'prettier']))
  set('actionResult', first(['next-safe-action', 'zsa', '@trpc/server']) ?? resultType(modules))
  const creators = new Map<string, number>()
  for (const e of [
    ...model.moduleEffects,
    ...model.endpoints.flatMap(x => x.effects),
    ...model.routes.flatMap(x => x.effects),
  ]) {
    if (e.effect.k === 'client' && e.effect.data.kind === 'ssr')
      creators.set(e.effect.file, (creators.get(e.effect.file) ?? 0) + 1)
  }
  set('serverClient', [...creators].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))[0]?.[0])
  return out
}

/** The result type that most modules with server actions import. */
function resultType(modules: Map<string, ModuleIR>): string | undefined {
  const counts = new Map<string, number>()
  for (const ir of modules.values()) {
    if (ir.dir !== 'use server') continue
    for (const i of ir.imports)
      if (/(Result|Response|State)$/.test(i.name)) counts.set(i.name, (counts.get(i.name) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))[0]?.[0]
}
