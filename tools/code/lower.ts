import type { Declaration, Directive, ExportNamedDeclaration, ImportDeclaration, Program, Statement } from 'oxc-parser'
import type { ModuleIR, Stmt } from './ir.ts'
import { Lowering } from './lowering.ts'
import { parseSource } from './parse.ts'

/** A quick test, so that limiters are looked for in few files. */
const LIMITS = /limit|throttl|quota|allow(Request|Search|Action|Call)/i

/**
 * Parses one source file and lowers it to the IR. A syntax error does not throw: `error` names the first one. `harmless` is the
 * number of characters that cannot exhaust the thread's stack.
 *
 * @throws RangeError when the file is nested too deeply
 */
export function lowerFile(path: string, text: string, harmless?: number): ModuleIR {
  const parsed = parseSource(path, text, harmless)
  const module = new ModuleLowering(parsed)
  const out = module.lower(parsed.program)
  if (LIMITS.test(text)) out.limits = 1
  if (parsed.error) out.error = parsed.error
  return out
}

/** What stands at the top level: imports, exports and statements. */
class ModuleLowering extends Lowering {
  private readonly exportList: ModuleIR['exports'] = []
  private readonly importList: ModuleIR['imports'] = []
  private readonly starList: string[] = []
  private readonly effectList: string[] = []

  lower(program: Program): ModuleIR {
    const body: Stmt[] = []
    for (const statement of program.body) this.topLevel(statement, body)
    const out: ModuleIR = {
      imports: this.importList,
      exports: this.exportList,
      stars: this.starList,
      effects: this.effectList,
      body,
      lines: this.starts.length,
    }
    const dir = this.directive(program.body)
    if (dir) out.dir = dir
    return out
  }

  private topLevel(node: Directive | Statement, out: Stmt[]): void {
    switch (node.type) {
      case 'ImportDeclaration':
        this.importDeclaration(node)
        return
      case 'ExportNamedDeclaration':
        if (node.declaration) {
          this.exportsOf(node.declaration, node.start, node.end)
          this.statement(node.declaration, out, this.line(node))
        } else this.exportDeclaration(node)
        return
      case 'ExportAllDeclaration':
        if (/^export\s+type\b/.test(this.text.slice(node.start, node.start + 40))) return
        if (!node.exported) this.starList.push(node.source.value)
        else {
          const l = this.line(node)
          const name = nameOf(node.exported)
          this.exportList.push({ name, spec: node.source.value, imported: '*', l, el: this.endLine(node) })
        }
        return
      case 'ExportDefaultDeclaration': {
        const l = this.line(node)
        const el = this.endLine(node)
        const value = node.declaration
        switch (value.type) {
          case 'FunctionDeclaration':
          case 'TSDeclareFunction':
          case 'ClassDeclaration':
            this.exportList.push({ name: 'default', local: value.id?.name ?? '*default*', l, el })
            this.statement(value, out, l, node.start)
            return
          case 'TSInterfaceDeclaration':
            return
        }
        const local = value.type === 'Identifier' ? value.name : '*default*'
        if (local === '*default*') out.push({ k: 'var', d: [{ t: { k: 'id', n: local }, v: this.expr(value) }], l })
        this.exportList.push({ name: 'default', local, l, el })
        return
      }
      case 'TSExportAssignment':
      case 'TSImportEqualsDeclaration':
      case 'TSNamespaceExportDeclaration':
        return
    }
    this.statement(node, out, this.line(node))
  }

  private exportsOf(node: Declaration, start: number, end: number): void {
    const l = this.lineOf(start)
    const el = this.lineOf(end)
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
      case 'ClassDeclaration': {
        const local = node.id?.name ?? '*default*'
        this.exportList.push({ name: local, local, l, el })
        return
      }
      case 'VariableDeclaration':
        for (const declaration of node.declarations)
          for (const name of this.boundNames(declaration.id))
            this.exportList.push({ name, local: name, l: this.line(declaration), el: this.endLine(declaration) })
        return
      case 'TSEnumDeclaration':
        this.exportList.push({ name: node.id.name, local: node.id.name, l, el })
    }
  }

  private importDeclaration(node: ImportDeclaration): void {
    const spec = node.source.value
    // `import {} from 'x'` still has a clause.
    if (node.specifiers.length === 0) {
      if (!/^import\s*(?:type\s*)?\{/.test(this.text.slice(node.start, node.source.start))) this.effectList.push(spec)
      return
    }
    // The tree without types does not tell them apart: `import type X`, `import type { X }`, `import type * as X`, but `import type, { X }`.
    const first = node.specifiers[0] as ImportDeclaration['specifiers'][number]
    const head = this.text.slice(node.start, first.start)
    if (/^import\s+type\s+(?:[{*][\s\S]*)?$/.test(head)) return
    const l = this.line(node)
    for (const specifier of node.specifiers) {
      const local = specifier.local.name
      if (specifier.type === 'ImportDefaultSpecifier') this.importList.push({ local, spec, name: 'default', l })
      else if (specifier.type === 'ImportNamespaceSpecifier') this.importList.push({ local, spec, name: '*', l })
      else if (!this.isTypeSpecifier(specifier.start, specifier.imported.start))
        this.importList.push({ local, spec, name: nameOf(specifier.imported), l })
    }
  }

  private exportDeclaration(node: ExportNamedDeclaration): void {
    if (/^export\s+type\b/.test(this.text.slice(node.start, node.start + 40))) return
    const spec = node.source?.value
    const l = this.line(node)
    const el = this.endLine(node)
    for (const specifier of node.specifiers) {
      if (this.isTypeSpecifier(specifier.start, specifier.local.start)) continue
      const name = nameOf(specifier.exported)
      const from = nameOf(specifier.local)
      if (spec !== undefined) this.exportList.push({ name, spec, imported: from, l, el })
      else this.exportList.push({ name, local: from, l, el })
    }
  }

  /** `type X` among named imports and exports: the specifier begins before its name. */
  private isTypeSpecifier(start: number, name: number): boolean {
    return start < name && this.text.startsWith('type', start)
  }
}

function nameOf(node: { type: string; name?: string; value?: unknown }): string {
  return node.type === 'Literal' ? String(node.value) : (node.name ?? '')
}
