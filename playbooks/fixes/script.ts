import { ts } from 'ts-morph'

/**
 * Edits of TypeScript and JavaScript files by position: what is not edited stays byte for byte as it was, and what is added is
 * written the way the file is written.
 */

export { ts }

export interface Edit {
  /** Offsets in the text; equal for an insertion. */
  start: number
  end: number
  text: string
}

export interface Script {
  path: string
  text: string
  source: ts.SourceFile
}

/** Undefined for a file that is not there or does not parse without errors. */
export function openScript(path: string, text: string | undefined): Script | undefined {
  if (text === undefined || !/\.[mc]?[jt]sx?$/.test(path)) return undefined
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  // Not part of the published type; what the parser could not read must not be edited.
  const { parseDiagnostics } = source as ts.SourceFile & { parseDiagnostics?: readonly unknown[] }
  return parseDiagnostics?.length ? undefined : { path, text, source }
}

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => b.start - a.start || b.end - a.end)
  return sorted.reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text)
}

export function lineOf({ source }: Script, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

export function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** One level of indentation. */
export function indentOf(text: string): string {
  if (/^\t/m.test(text)) return '\t'
  const depths = [...text.matchAll(/^( +)\S/gm)].map(match => match[1]!.length)
  return depths.includes(2) || depths.length === 0 ? '  ' : ' '.repeat(Math.min(...depths))
}

export function quoteOf({ source }: Script): '"' | "'" {
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) return statement.moduleSpecifier.getText(source).startsWith("'") ? "'" : '"'
  }
  return /"/.test(source.text) && !/'/.test(source.text) ? '"' : "'"
}

/** ";" where the file's statements end with one. */
export function endOf({ source, text }: Script): ';' | '' {
  const simple = source.statements.filter(
    s => ts.isImportDeclaration(s) || ts.isVariableStatement(s) || ts.isExpressionStatement(s),
  )
  const ended = simple.filter(s => text[s.end - 1] === ';').length
  return ended * 2 > simple.length ? ';' : ''
}

/** Whitespace at the start of the line that the position is on. */
export function indentAt(text: string, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? ''
}

/** Removes a statement with the rest of its last line, and the blank line after it where there is one before it as well. */
export function removeStatement({ text, source }: Script, statement: ts.Statement): Edit {
  const start = statement.getStart(source)
  const line = /^[ \t]*(?:\r?\n)?/.exec(text.slice(statement.end))?.[0].length ?? 0
  const blank = /\n[ \t]*\r?\n$/.test(text.slice(0, start))
    ? (/^[ \t]*\r?\n/.exec(text.slice(statement.end + line))?.[0].length ?? 0)
    : 0
  return { start, end: statement.end + line + blank, text: '' }
}

/**
 * Makes a name available: adds it to an existing import of the module, or a new import after the last one.
 *
 * @returns undefined when the name is there already, imported from the same module; "taken" when it means something else
 */
export function importEdit(script: Script, name: string, module: string): Edit | undefined | 'taken' {
  const { source, text } = script
  const imports = source.statements.filter(ts.isImportDeclaration)
  for (const statement of imports) {
    const bindings = statement.importClause?.namedBindings
    const own = bindings && ts.isNamedImports(bindings) ? bindings.elements.find(e => e.name.text === name) : undefined
    if (!own) continue
    const from = (statement.moduleSpecifier as ts.StringLiteral).text
    return from === module && (own.propertyName?.text ?? name) === name && !own.isTypeOnly && !isTypeImport(statement)
      ? undefined
      : 'taken'
  }
  if (new RegExp(`\\b(?:const|let|var|function|class|import)\\s+(?:\\*\\s+as\\s+)?${name}\\b`).test(text))
    return 'taken'
  const same = imports.find(statement => {
    const bindings = statement.importClause?.namedBindings
    return (
      (statement.moduleSpecifier as ts.StringLiteral).text === module &&
      bindings &&
      ts.isNamedImports(bindings) &&
      !isTypeImport(statement)
    )
  })
  const bindings = same?.importClause?.namedBindings
  if (bindings && ts.isNamedImports(bindings) && bindings.elements.length > 0) {
    // Sorted lists stay sorted.
    const sorted = isSorted(bindings.elements.map(e => e.name.text))
    const before = sorted ? bindings.elements.find(e => compare(e.name.text, name) > 0) : undefined
    // A list over several lines gets a line of its own.
    const first = bindings.elements[0]!.getStart(source)
    const spread = text.slice(bindings.getStart(source), first).includes('\n')
    const between = spread ? `${newlineOf(text)}${indentAt(text, first)}` : ' '
    if (before) {
      const start = before.getStart(source)
      return { start, end: start, text: `${name},${between}` }
    }
    const end = bindings.elements.at(-1)!.end
    return { start: end, end, text: `,${between}${name}` }
  }
  const quote = quoteOf(script)
  const line = `import { ${name} } from ${quote}${module}${quote}${endOf(script)}`
  const newline = newlineOf(text)
  const after = imports.findLast(s => compare(specifierOf(s), module) < 0 && group(specifierOf(s)) === group(module))
  const near = imports.filter(s => group(specifierOf(s)) === group(module))
  const sorted = isSorted(near.map(specifierOf))
  if (sorted && !after)
    return { start: near[0]!.getStart(source), end: near[0]!.getStart(source), text: `${line}${newline}` }
  const last = sorted ? after : (near.at(-1) ?? imports.at(-1))
  if (last) return { start: last.end, end: last.end, text: `${newline}${line}` }
  const first = imports[0] ?? source.statements.find(s => !isDirective(s))
  const start = first ? first.getStart(source) : text.length
  return { start, end: start, text: imports[0] ? `${line}${newline}` : `${line}${newline}${newline}` }
}

function specifierOf(statement: ts.ImportDeclaration): string {
  return (statement.moduleSpecifier as ts.StringLiteral).text
}

/** Imports of one alias or package stand together. */
function group(module: string): string {
  return module.split('/')[0] ?? ''
}

function isTypeImport(statement: ts.ImportDeclaration): boolean {
  return statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

export function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
}

/** The order in which import sorters put names: letters whatever their case. */
function compare(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : 0
}

function isSorted(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name, at) => at === 0 || compare(names[at - 1]!, name) <= 0)
}
