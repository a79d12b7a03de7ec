import { ts } from 'ts-morph'
import type { ClassIR, Expr, FunctionIR, ModuleIR, ObjectMember, Pattern, Stmt } from './ir.ts'
import { element } from './markup.ts'

/**
 * Parses one source file and lowers it to the IR. Never throws on syntax errors: the parser recovers and `error` names the first one.
 * Works on raw compiler nodes and keeps none of them.
 */
export function lowerFile(path: string, text: string): ModuleIR {
  const kind = scriptKind(path)
  const source = ts.createSourceFile(
    path,
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
    kind,
  )
  return new Lowering(source).module()
}

/** A quick test, so that limiters are looked for in few files. */
const LIMITS = /limit|throttl|quota|allow(Request|Search|Action|Call)/i

function scriptKind(path: string): ts.ScriptKind {
  if (path.endsWith('.tsx')) return ts.ScriptKind.TSX
  if (/\.[mc]?ts$/.test(path)) return ts.ScriptKind.TS
  return ts.ScriptKind.JSX
}

interface Diagnosed {
  parseDiagnostics?: readonly { messageText: string | ts.DiagnosticMessageChain; start: number }[]
}

/** A class only because the walk shares the file, the line table and the function counter. */
class Lowering {
  private functions = 0
  private exportList: ModuleIR['exports'] = []
  private importList: ModuleIR['imports'] = []
  private starList: string[] = []
  private effectList: string[] = []
  private readonly source: ts.SourceFile
  private readonly starts: readonly number[]

  constructor(source: ts.SourceFile) {
    this.source = source
    this.starts = source.getLineStarts()
  }

  module(): ModuleIR {
    const body: Stmt[] = []
    for (const statement of this.source.statements) this.topLevel(statement, body)
    const out: ModuleIR = {
      imports: this.importList,
      exports: this.exportList,
      stars: this.starList,
      effects: this.effectList,
      body,
      lines: this.starts.length,
    }
    const dir = directiveOf(this.source.statements)
    if (dir) out.dir = dir
    if (LIMITS.test(this.source.text)) out.limits = 1
    const diagnostic = (this.source as Diagnosed).parseDiagnostics?.[0]
    if (diagnostic)
      out.error = {
        message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
        line: this.lineAt(diagnostic.start),
      }
    return out
  }

  private lineAt(position: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] as number) <= position) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  private line(node: ts.Node): number {
    return this.lineAt(node.getStart(this.source))
  }

  private endLine(node: ts.Node): number {
    return this.lineAt(node.end)
  }

  private topLevel(node: ts.Statement, out: Stmt[]): void {
    if (ts.isImportDeclaration(node)) {
      this.importDeclaration(node)
      return
    }
    if (ts.isExportDeclaration(node)) {
      this.exportDeclaration(node)
      return
    }
    if (ts.isExportAssignment(node)) {
      if (node.isExportEquals) return
      const local = ts.isIdentifier(node.expression) ? node.expression.text : '*default*'
      if (local === '*default*')
        out.push({ k: 'var', d: [{ t: { k: 'id', n: local }, v: this.expr(node.expression) }], l: this.line(node) })
      this.exportList.push({ name: 'default', local, l: this.line(node), el: this.endLine(node) })
      return
    }
    const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined
    const exported = modifiers?.some(m => m.kind === ts.SyntaxKind.ExportKeyword)
    const isDefault = modifiers?.some(m => m.kind === ts.SyntaxKind.DefaultKeyword)
    if (exported) this.exportsOf(node, isDefault === true)
    this.statement(node, out)
  }

  private exportsOf(node: ts.Statement, isDefault: boolean): void {
    const l = this.line(node)
    const el = this.endLine(node)
    if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
      const local = node.name?.text ?? '*default*'
      this.exportList.push({ name: isDefault ? 'default' : local, local, l, el })
    } else if (ts.isVariableStatement(node)) {
      for (const declaration of node.declarationList.declarations) {
        for (const name of boundNames(declaration.name)) {
          this.exportList.push({ name, local: name, l: this.line(declaration), el: this.endLine(declaration) })
        }
      }
    } else if (ts.isEnumDeclaration(node)) this.exportList.push({ name: node.name.text, local: node.name.text, l, el })
  }

  private importDeclaration(node: ts.ImportDeclaration): void {
    if (!ts.isStringLiteral(node.moduleSpecifier)) return
    const spec = node.moduleSpecifier.text
    const clause = node.importClause
    if (!clause) {
      this.effectList.push(spec)
      return
    }
    if (clause.isTypeOnly) return
    const l = this.line(node)
    if (clause.name) this.importList.push({ local: clause.name.text, spec, name: 'default', l })
    const bindings = clause.namedBindings
    if (!bindings) return
    if (ts.isNamespaceImport(bindings)) this.importList.push({ local: bindings.name.text, spec, name: '*', l })
    else
      for (const element of bindings.elements) {
        if (element.isTypeOnly) continue
        this.importList.push({ local: element.name.text, spec, name: (element.propertyName ?? element.name).text, l })
      }
  }

  private exportDeclaration(node: ts.ExportDeclaration): void {
    if (node.isTypeOnly) return
    const spec =
      node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined
    const l = this.line(node)
    const el = this.endLine(node)
    if (!node.exportClause) {
      if (spec) this.starList.push(spec)
      return
    }
    if (ts.isNamespaceExport(node.exportClause)) {
      if (spec) this.exportList.push({ name: node.exportClause.name.text, spec, imported: '*', l, el })
      return
    }
    for (const element of node.exportClause.elements) {
      if (element.isTypeOnly) continue
      const from = (element.propertyName ?? element.name).text
      if (spec) this.exportList.push({ name: element.name.text, spec, imported: from, l, el })
      else this.exportList.push({ name: element.name.text, local: from, l, el })
    }
  }

  private block(statements: readonly ts.Statement[]): Stmt[] {
    const out: Stmt[] = []
    for (const statement of statements) this.statement(statement, out)
    return out
  }

  private body(node: ts.Statement): Stmt[] {
    return ts.isBlock(node) ? this.block(node.statements) : this.block([node])
  }

  private statement(node: ts.Statement, out: Stmt[]): void {
    const l = this.line(node)
    if (ts.isVariableStatement(node)) out.push(this.variables(node.declarationList, l))
    else if (ts.isExpressionStatement(node)) out.push({ k: 'expr', e: this.expr(node.expression), l })
    else if (ts.isReturnStatement(node))
      out.push({ k: 'ret', ...(node.expression ? { e: this.expr(node.expression) } : {}), l, el: this.endLine(node) })
    else if (ts.isIfStatement(node))
      out.push({
        k: 'if',
        c: this.expr(node.expression),
        t: this.body(node.thenStatement),
        ...(node.elseStatement ? { f: this.body(node.elseStatement) } : {}),
        l,
      })
    else if (ts.isBlock(node)) out.push({ k: 'blk', b: this.block(node.statements) })
    else if (ts.isThrowStatement(node)) out.push({ k: 'thr', e: this.expr(node.expression), l })
    else if (ts.isTryStatement(node)) {
      const caught = node.catchClause
      out.push({
        k: 'try',
        b: this.block(node.tryBlock.statements),
        ...(caught ? { c: this.block(caught.block.statements) } : {}),
        ...(caught?.variableDeclaration ? { cv: this.pattern(caught.variableDeclaration.name) } : {}),
        ...(node.finallyBlock ? { f: this.block(node.finallyBlock.statements) } : {}),
        l,
      })
    } else if (ts.isFunctionDeclaration(node)) {
      if (node.body) out.push({ k: 'fn', d: { ...this.fn(node), n: node.name?.text ?? '*default*' } })
    } else if (ts.isClassDeclaration(node))
      out.push({ k: 'cls', d: { ...this.cls(node), n: node.name?.text ?? '*default*' } })
    else if (ts.isSwitchStatement(node))
      out.push({
        k: 'sw',
        e: this.expr(node.expression),
        cs: node.caseBlock.clauses.map(c => ({
          ...(ts.isCaseClause(c) ? { t: this.expr(c.expression) } : {}),
          b: this.block(c.statements),
        })),
        l,
      })
    else if (ts.isBreakStatement(node)) out.push({ k: 'brk' })
    else if (ts.isContinueStatement(node)) out.push({ k: 'cnt' })
    else if (ts.isLabeledStatement(node)) this.statement(node.statement, out)
    else if (ts.isEnumDeclaration(node)) {
      const members: ObjectMember[] = node.members.map(m => ({
        key: ts.isIdentifier(m.name) || ts.isStringLiteral(m.name) ? m.name.text : null,
        v: m.initializer ? this.expr(m.initializer) : ({ k: 'lit', v: 0 } as Expr),
      }))
      out.push({
        k: 'var',
        d: [{ t: { k: 'id', n: node.name.text }, v: { k: 'obj', p: members.filter(m => m.key !== null) } }],
        l,
      })
    } else this.loop(node, out, l)
  }

  private loop(node: ts.Statement, out: Stmt[], l: number): void {
    const el = this.endLine(node)
    if (ts.isForStatement(node)) {
      const init: Stmt[] = []
      if (node.initializer) {
        if (ts.isVariableDeclarationList(node.initializer)) init.push(this.variables(node.initializer, l))
        else init.push({ k: 'expr', e: this.expr(node.initializer), l })
      }
      out.push({
        k: 'loop',
        kind: 'for',
        i: init,
        ...(node.condition ? { c: this.expr(node.condition) } : {}),
        ...(node.incrementor ? { u: this.expr(node.incrementor) } : {}),
        b: this.body(node.statement),
        l,
        el,
      })
    } else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
      const v: Pattern = ts.isVariableDeclarationList(node.initializer)
        ? this.pattern((node.initializer.declarations[0] as ts.VariableDeclaration).name)
        : { k: 'target', e: this.expr(node.initializer) }
      out.push({
        k: 'loop',
        kind: ts.isForOfStatement(node) ? 'of' : 'in',
        v,
        e: this.expr(node.expression),
        b: this.body(node.statement),
        l,
        el,
      })
    } else if (ts.isWhileStatement(node) || ts.isDoStatement(node))
      out.push({
        k: 'loop',
        kind: ts.isWhileStatement(node) ? 'while' : 'do',
        c: this.expr(node.expression),
        b: this.body(node.statement),
        l,
        el,
      })
  }

  private variables(list: ts.VariableDeclarationList, l: number): Stmt {
    return {
      k: 'var',
      d: list.declarations.map(d => {
        const v = d.initializer ? this.expr(d.initializer) : undefined
        // `const save = async () => …` is called save.
        if (v?.k === 'fn' && !v.d.n && ts.isIdentifier(d.name)) v.d.n = d.name.text
        return { t: this.pattern(d.name), ...(v ? { v } : {}) }
      }),
      l,
    }
  }

  private pattern(node: ts.BindingName): Pattern {
    if (ts.isIdentifier(node)) return { k: 'id', n: node.text }
    if (ts.isObjectBindingPattern(node)) {
      const out: Pattern = { k: 'objp', p: [] }
      for (const element of node.elements) {
        if (element.dotDotDotToken) {
          out.rest = this.pattern(element.name)
          continue
        }
        const key = element.propertyName
          ? this.propertyName(element.propertyName)
          : ts.isIdentifier(element.name)
            ? element.name.text
            : ''
        out.p.push({
          key: key ?? '',
          t: this.pattern(element.name),
          ...(element.initializer ? { d: this.expr(element.initializer) } : {}),
        })
      }
      return out
    }
    const out: Pattern = { k: 'arrp', e: [] }
    for (const element of node.elements) {
      if (ts.isOmittedExpression(element)) out.e.push(null)
      else if (element.dotDotDotToken) out.rest = this.pattern(element.name)
      else
        out.e.push({
          t: this.pattern(element.name),
          ...(element.initializer ? { d: this.expr(element.initializer) } : {}),
        })
    }
    return out
  }

  /** Assignment targets: `[a, b] = …`, `({ a } = …)`, `x.y = …`. */
  private target(node: ts.Expression): Pattern {
    if (ts.isIdentifier(node)) return { k: 'id', n: node.text }
    if (ts.isParenthesizedExpression(node)) return this.target(node.expression)
    if (ts.isObjectLiteralExpression(node)) {
      const p: { key: string | Expr; t: Pattern }[] = []
      for (const property of node.properties) {
        if (ts.isShorthandPropertyAssignment(property))
          p.push({ key: property.name.text, t: { k: 'id', n: property.name.text } })
        else if (ts.isPropertyAssignment(property))
          p.push({ key: this.propertyName(property.name) ?? '', t: this.target(property.initializer) })
      }
      return { k: 'objp', p }
    }
    if (ts.isArrayLiteralExpression(node))
      return { k: 'arrp', e: node.elements.map(e => (ts.isOmittedExpression(e) ? null : { t: this.target(e) })) }
    return { k: 'target', e: this.expr(node) }
  }

  private propertyName(name: ts.PropertyName): string | Expr | undefined {
    if (
      ts.isIdentifier(name) ||
      ts.isStringLiteral(name) ||
      ts.isNumericLiteral(name) ||
      ts.isNoSubstitutionTemplateLiteral(name)
    )
      return name.text
    if (ts.isComputedPropertyName(name)) return this.expr(name.expression)
    if (ts.isPrivateIdentifier(name)) return name.text
    return undefined
  }

  private fn(node: ts.FunctionLikeDeclaration): FunctionIR {
    const id = ++this.functions
    const body = node.body
    const out: FunctionIR = {
      id,
      p: node.parameters
        .filter(p => !(ts.isIdentifier(p.name) && p.name.text === 'this'))
        .map(p => ({
          t: this.pattern(p.name),
          ...(p.initializer ? { d: this.expr(p.initializer) } : {}),
          ...(p.dotDotDotToken ? { rest: 1 as const } : {}),
          ...(p.type ? { ty: p.type.getText(this.source).slice(0, 80) } : {}),
        })),
      b: body
        ? ts.isBlock(body)
          ? this.block(body.statements)
          : [{ k: 'ret', e: this.expr(body), l: this.line(body), el: this.endLine(body) }]
        : [],
      l: this.line(node),
      el: this.endLine(node),
    }
    if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(m => m.kind === ts.SyntaxKind.AsyncKeyword))
      out.async = 1
    if ('asteriskToken' in node && node.asteriskToken) out.gen = 1
    if (ts.isArrowFunction(node)) out.arrow = 1
    if (node.type && ts.isTypePredicateNode(node.type) && !node.type.assertsModifier) out.guard = 1
    if (body && ts.isBlock(body)) {
      const dir = directiveOf(body.statements)
      if (dir) out.dir = dir
    }
    return out
  }

  private cls(node: ts.ClassLikeDeclaration): ClassIR {
    const out: ClassIR = { members: [], l: this.line(node) }
    if (node.name) out.n = node.name.text
    const base = node.heritageClauses?.find(h => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
    if (base) out.ext = this.expr(base.expression)
    for (const member of node.members) {
      const isStatic =
        ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(m => m.kind === ts.SyntaxKind.StaticKeyword)
      const flag = isStatic ? { static: 1 as const } : {}
      const l = this.line(member)
      if (ts.isConstructorDeclaration(member)) {
        out.members.push({ n: 'constructor', kind: 'ctor', v: { k: 'fn', d: this.fn(member) }, l })
        for (const p of member.parameters) {
          if (ts.getModifiers(p)?.length && ts.isIdentifier(p.name))
            out.members.push({ n: p.name.text, kind: 'field', v: { k: 'id', n: `*ctor*${p.name.text}` }, l })
        }
        continue
      }
      if (!member.name) continue
      const name = this.propertyName(member.name as ts.PropertyName)
      if (typeof name !== 'string') continue
      if (ts.isMethodDeclaration(member) && member.body)
        out.members.push({ n: name, kind: 'method', v: { k: 'fn', d: { ...this.fn(member), n: name } }, ...flag, l })
      else if (ts.isGetAccessor(member))
        out.members.push({ n: name, kind: 'get', v: { k: 'fn', d: this.fn(member) }, ...flag, l })
      else if (ts.isPropertyDeclaration(member) && member.initializer)
        out.members.push({ n: name, kind: 'field', v: this.expr(member.initializer), ...flag, l })
    }
    return out
  }

  private args(list: readonly ts.Expression[] | undefined): Expr[] {
    return (list ?? []).map(a => this.expr(a))
  }

  private expr(node: ts.Expression): Expr {
    switch (node.kind) {
      case ts.SyntaxKind.Identifier: {
        const n = (node as ts.Identifier).text
        return n === 'undefined' ? { k: 'undef' } : { k: 'id', n }
      }
      case ts.SyntaxKind.StringLiteral:
      case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
        return { k: 'lit', v: (node as ts.StringLiteral).text }
      case ts.SyntaxKind.NumericLiteral:
        return { k: 'lit', v: Number((node as ts.NumericLiteral).text) }
      case ts.SyntaxKind.TrueKeyword:
        return { k: 'lit', v: true }
      case ts.SyntaxKind.FalseKeyword:
        return { k: 'lit', v: false }
      case ts.SyntaxKind.NullKeyword:
        return { k: 'lit', v: null }
      case ts.SyntaxKind.ThisKeyword:
        return { k: 'this' }
      case ts.SyntaxKind.RegularExpressionLiteral:
        return { k: 'regex' }
      case ts.SyntaxKind.ParenthesizedExpression:
      case ts.SyntaxKind.AsExpression:
      case ts.SyntaxKind.NonNullExpression:
      case ts.SyntaxKind.SatisfiesExpression:
      case ts.SyntaxKind.TypeAssertionExpression:
      // `createClient<Database>` without a call: the function itself.
      case ts.SyntaxKind.ExpressionWithTypeArguments:
        return this.expr((node as ts.ParenthesizedExpression).expression)
    }
    // import.meta.url: the module's own place.
    if (ts.isMetaProperty(node)) return { k: 'obj', p: [{ key: 'url', v: { k: 'lit', v: 'file:///module' } }] }
    if (ts.isPropertyAccessExpression(node))
      return {
        k: 'mem',
        o: this.expr(node.expression),
        p: node.name.text,
        l: this.line(node.name),
        ...(node.questionDotToken ? { opt: 1 as const } : {}),
      }
    if (ts.isCallExpression(node)) return this.call(node)
    if (ts.isNewExpression(node))
      return {
        k: 'call',
        f: this.expr(node.expression),
        a: this.args(node.arguments),
        l: this.line(node),
        el: this.endLine(node),
        nw: 1,
      }
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      const d = this.fn(node)
      if (ts.isFunctionExpression(node) && node.name) d.n = node.name.text
      return { k: 'fn', d }
    }
    if (ts.isAwaitExpression(node)) return { k: 'await', e: this.expr(node.expression), l: this.line(node) }
    if (ts.isObjectLiteralExpression(node)) return { k: 'obj', p: this.objectMembers(node) }
    if (ts.isArrayLiteralExpression(node)) return { k: 'arr', e: node.elements.map(e => this.expr(e)) }
    if (ts.isSpreadElement(node)) return { k: 'spread', e: this.expr(node.expression) }
    if (ts.isTemplateExpression(node))
      return {
        k: 'tpl',
        q: [node.head.text, ...node.templateSpans.map(s => s.literal.text)],
        e: node.templateSpans.map(s => this.expr(s.expression)),
      }
    if (ts.isTaggedTemplateExpression(node)) {
      const l = this.line(node)
      const el = this.endLine(node)
      if (ts.isNoSubstitutionTemplateLiteral(node.template))
        return { k: 'tag', t: this.expr(node.tag), q: [node.template.text], e: [], l, el }
      const spans = node.template.templateSpans
      return {
        k: 'tag',
        t: this.expr(node.tag),
        q: [node.template.head.text, ...spans.map(s => s.literal.text)],
        e: spans.map(s => this.expr(s.expression)),
        l,
        el,
      }
    }
    if (ts.isConditionalExpression(node))
      return { k: 'cond', c: this.expr(node.condition), t: this.expr(node.whenTrue), f: this.expr(node.whenFalse) }
    if (ts.isBinaryExpression(node)) return this.binary(node)
    if (ts.isPrefixUnaryExpression(node))
      return { k: 'un', op: ts.tokenToString(node.operator) ?? '', e: this.expr(node.operand) }
    if (ts.isPostfixUnaryExpression(node))
      return { k: 'un', op: ts.tokenToString(node.operator) ?? '', e: this.expr(node.operand) }
    if (ts.isTypeOfExpression(node)) return { k: 'un', op: 'typeof', e: this.expr(node.expression) }
    if (ts.isVoidExpression(node)) return { k: 'un', op: 'void', e: this.expr(node.expression) }
    if (ts.isDeleteExpression(node)) return { k: 'un', op: 'delete', e: this.expr(node.expression) }
    if (ts.isElementAccessExpression(node)) {
      const argument = node.argumentExpression
      if (ts.isStringLiteral(argument))
        return { k: 'mem', o: this.expr(node.expression), p: argument.text, l: this.line(argument) }
      return { k: 'idx', o: this.expr(node.expression), i: this.expr(argument), l: this.line(node) }
    }
    if (ts.isClassExpression(node)) return { k: 'cls', d: this.cls(node) }
    if (ts.isYieldExpression(node)) return { k: 'yield', ...(node.expression ? { e: this.expr(node.expression) } : {}) }
    if (ts.isJsxElement(node)) return this.jsx(node.openingElement, node.children)
    if (ts.isJsxSelfClosingElement(node)) return this.jsx(node, [])
    if (ts.isJsxFragment(node)) return element('', [], this.jsxChildren(node.children), this.line(node))
    return { k: 'unk', e: [] }
  }

  private call(node: ts.CallExpression): Expr {
    const l = this.line(node)
    const el = this.endLine(node)
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword)
      return { k: 'import', s: node.arguments[0] ? this.expr(node.arguments[0]) : { k: 'undef' }, l }
    return {
      k: 'call',
      f: this.expr(node.expression),
      a: this.args(node.arguments),
      l,
      el,
      ...(node.questionDotToken ? { opt: 1 as const } : {}),
    }
  }

  private binary(node: ts.BinaryExpression): Expr {
    const op = ts.tokenToString(node.operatorToken.kind) ?? ''
    if (op === '&&' || op === '||' || op === '??')
      return { k: 'log', op, a: this.expr(node.left), b: this.expr(node.right) }
    if (
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    )
      return { k: 'asg', op, t: this.target(node.left), v: this.expr(node.right) }
    if (op === ',') return { k: 'unk', e: [this.expr(node.left), this.expr(node.right)] }
    return { k: 'bin', op, a: this.expr(node.left), b: this.expr(node.right), l: this.line(node) }
  }

  private objectMembers(node: ts.ObjectLiteralExpression): ObjectMember[] {
    const out: ObjectMember[] = []
    for (const property of node.properties) {
      const lines = { l: this.line(property), el: this.endLine(property) }
      if (ts.isSpreadAssignment(property)) out.push({ key: null, v: this.expr(property.expression), ...lines })
      else if (ts.isShorthandPropertyAssignment(property))
        out.push({ key: property.name.text, v: { k: 'id', n: property.name.text }, ...lines })
      else if (ts.isPropertyAssignment(property)) {
        const key = this.propertyName(property.name)
        if (key !== undefined) out.push({ key, v: this.expr(property.initializer), ...lines })
      } else if (ts.isMethodDeclaration(property) && property.body) {
        const key = this.propertyName(property.name)
        if (key !== undefined) out.push({ key, v: { k: 'fn', d: this.fn(property) }, ...lines })
      } else if (ts.isGetAccessorDeclaration(property) && property.body) {
        const key = this.propertyName(property.name)
        if (key !== undefined)
          out.push({ key, v: { k: 'call', f: { k: 'fn', d: this.fn(property) }, a: [], ...lines }, ...lines })
      }
    }
    return out
  }

  private jsx(node: ts.JsxOpeningLikeElement, children: readonly ts.JsxChild[]): Expr {
    const tag = node.tagName
    const t: Expr | string =
      ts.isIdentifier(tag) && /^[a-z]/.test(tag.text)
        ? tag.text
        : ts.isJsxNamespacedName(tag)
          ? ''
          : this.expr(tag as ts.Expression)
    const p: ObjectMember[] = []
    for (const attribute of node.attributes.properties) {
      if (ts.isJsxSpreadAttribute(attribute)) p.push({ key: null, v: this.expr(attribute.expression) })
      else {
        const initializer = attribute.initializer
        const v: Expr = !initializer
          ? { k: 'lit', v: true }
          : ts.isStringLiteral(initializer)
            ? { k: 'lit', v: initializer.text }
            : ts.isJsxExpression(initializer)
              ? initializer.expression
                ? this.expr(initializer.expression)
                : { k: 'undef' }
              : this.expr(initializer as ts.Expression)
        p.push({ key: ts.isIdentifier(attribute.name) ? attribute.name.text : attribute.name.getText(this.source), v })
      }
    }
    return element(t, p, this.jsxChildren(children), this.line(node))
  }

  private jsxChildren(children: readonly ts.JsxChild[]): Expr[] {
    const out: Expr[] = []
    for (const child of children) {
      if (ts.isJsxText(child)) continue
      if (ts.isJsxExpression(child)) {
        if (child.expression) out.push(this.expr(child.expression))
      } else out.push(this.expr(child as ts.Expression))
    }
    return out
  }
}

function directiveOf(statements: readonly ts.Statement[]): string | undefined {
  for (const statement of statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) return undefined
    if (statement.expression.text.startsWith('use ') && statement.expression.text !== 'use strict')
      return statement.expression.text
  }
  return undefined
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap(e => (ts.isOmittedExpression(e) ? [] : boundNames(e.name)))
}
