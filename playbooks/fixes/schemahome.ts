import { posix } from 'node:path'
import type { FixInput } from '../playbook.ts'
import type { Refusal } from './refusal.ts'
import { type Edit, importEdit, newlineOf, openScript, type Script, ts } from './script.ts'

/** Where a new schema goes: beside those that the app already has. */
export interface SchemaHome {
  /** Edit of the script that uses it, when it has to be imported. */
  importing: Edit | undefined
  /** A file of its own, or another one with the schema at its end; absent when it stands in the script itself. */
  file: { path: string; text: string } | undefined
}

/**
 * @param declare writes the declaration for the place: with `export` or without
 * @returns why there is no place for it, as text
 */
export function homeFor(
  input: FixInput,
  script: Script,
  refusal: Refusal,
  name: string,
  declare: (exported: boolean) => string,
): SchemaHome | string {
  if (refusal.module === undefined) {
    const edit = zodImport(input, script)
    return typeof edit === 'string' ? edit : { importing: edit, file: undefined }
  }
  const example = resolve(input, refusal.script.path, refusal.module)
  if (!example) return `where ${refusal.module} lies is not known`
  if (!importsZod(input.source(example))) return `${example} does not import zod`
  const siblings = input.files.filter(
    path => posix.dirname(path) === posix.dirname(example) && importsZod(input.source(path)),
  )
  const target =
    siblings.length > 1
      ? posix.join(posix.dirname(example), `${topicOf(script.path)}${posix.extname(example)}`)
      : example
  const module = moduleOf(refusal, example, target, script.path)
  const importing = importEdit(script, name, module)
  if (importing === 'taken') return `the name ${name} is taken`
  const before = input.source(target)
  if (before === undefined && input.files.includes(target)) return `${target} cannot be read`
  const pattern = openScript(example, input.source(example))
  if (!pattern) return `${example} cannot be read`
  if (before === undefined) {
    const newline = newlineOf(pattern.text)
    const own = pattern.source.statements.find(
      s => ts.isImportDeclaration(s) && isZod((s.moduleSpecifier as ts.StringLiteral).text),
    )
    if (!own) return `${example} does not import zod`
    return {
      importing,
      file: { path: target, text: `${own.getText(pattern.source)}${newline}${newline}${declare(true)}${newline}` },
    }
  }
  const home = openScript(target, before)
  if (!home || !importsZod(before)) return `${target} is there and holds no schemas`
  if (new RegExp(`\\b${name}\\b`).test(before)) return `the name ${name} is taken in ${target}`
  const newline = newlineOf(before)
  return {
    importing,
    file: { path: target, text: `${before.replace(/\s*$/, '')}${newline}${newline}${declare(true)}${newline}` },
  }
}

function isZod(module: string): boolean {
  return /^zod(\/v\d|\/mini)?$/.test(module)
}

function importsZod(text: string | undefined): boolean {
  return /from\s+["']zod(\/v\d)?["']/.test(text ?? '')
}

/** zod as the app imports it. */
function zodImport(input: FixInput, script: Script): Edit | undefined | string {
  if (/import\s+(\*\s+as\s+z|\{[^}]*\bz\b[^}]*\}|z)\s+from\s+["']zod/.test(script.text)) return undefined
  const named = input.files
    .map(path => /import \{ z \} from ["'](zod(?:\/v\d)?)["']/.exec(input.source(path) ?? '')?.[1])
    .find(Boolean)
  if (!named) return 'how the app imports zod is not known'
  const edit = importEdit(script, 'z', named)
  return edit === 'taken' ? 'the name z is taken' : edit
}

/** The file behind a module specifier: by an alias of the app, or relative. */
function resolve(input: FixInput, from: string, module: string): string | undefined {
  const wanted = module.startsWith('.')
    ? posix.join(posix.dirname(from), module)
    : module.replace(/^[@~#]\/?(?:\/)?/, '')
  const exact = (path: string): boolean => {
    const bare = path.replace(/(\/index)?\.[mc]?[jt]sx?$/, '')
    return module.startsWith('.') ? bare === wanted || path === wanted : bare === wanted || bare.endsWith(`/${wanted}`)
  }
  const found = input.files.filter(exact)
  return found.length === 1 ? found[0] : undefined
}

/** "profile" of `actions/profile.ts`; the folder's name where the file's says nothing. */
function topicOf(path: string): string {
  const parts = path.replace(/\.[^.]+$/, '').split('/')
  const telling = parts
    .reverse()
    .find(part => !/^(actions?|route|index|page|server|api|app|src|\(.*\)|\[.*\])$/.test(part))
  return (telling ?? 'input').replace(/[^A-Za-z0-9-]+/g, '-')
}

function moduleOf({ module, script }: Refusal, example: string, target: string, user: string): string {
  const given = module ?? ''
  const swapped = given.replace(
    /[^/]+$/,
    posix.basename(target).replace(/\.[^.]+$/, /\.[mc]?[jt]sx?$/.test(given) ? posix.extname(given) : ''),
  )
  if (!given.startsWith('.')) return target === example ? given : swapped
  if (user === script.path && target === example) return given
  const relative = posix.relative(posix.dirname(user), target).replace(/\.[mc]?[jt]sx?$/, posix.extname(given))
  return relative.startsWith('.') ? relative : `./${relative}`
}
