/**
 * The intermediate representation of a source file: a small, JSON-serialisable tree with everything that the interpreter reads.
 * It exists so that a file is parsed once per content (the tree is cached by content hash) and so that the compiler's nodes can
 * be dropped at once (memory). Keys are short because thousands of these are stored.
 */
export type Literal = string | number | boolean | null

export type Expr =
  | { k: 'id'; n: string }
  | { k: 'lit'; v: Literal }
  | { k: 'undef' }
  | { k: 'regex' }
  | { k: 'tpl'; q: string[]; e: Expr[] }
  | { k: 'tag'; t: Expr; q: string[]; e: Expr[]; l: number; el: number }
  /** Property access; `l` is the line of the property's name. */
  | { k: 'mem'; o: Expr; p: string; l: number; opt?: 1 }
  | { k: 'idx'; o: Expr; i: Expr; l: number }
  /** Call or `new`; `l`/`el` are the lines of the whole expression. */
  | { k: 'call'; f: Expr; a: Expr[]; l: number; el: number; nw?: 1; opt?: 1 }
  | { k: 'fn'; d: FunctionIR }
  | { k: 'cls'; d: ClassIR }
  | { k: 'obj'; p: ObjectMember[] }
  | { k: 'arr'; e: Expr[] }
  | { k: 'spread'; e: Expr }
  | { k: 'un'; op: string; e: Expr }
  | { k: 'bin'; op: string; a: Expr; b: Expr; l: number }
  | { k: 'log'; op: '&&' | '||' | '??'; a: Expr; b: Expr }
  | { k: 'cond'; c: Expr; t: Expr; f: Expr }
  | { k: 'asg'; op: string; t: Pattern; v: Expr }
  | { k: 'await'; e: Expr; l: number }
  | { k: 'yield'; e?: Expr }
  | { k: 'jsx'; t: Expr | string; p: ObjectMember[]; c: Expr[]; l: number }
  | { k: 'import'; s: Expr; l: number }
  | { k: 'this' }
  | { k: 'unk'; e: Expr[] }

/** Key is a name, a computed expression, or null for a spread. */
export type ObjectMember = { key: string | Expr | null; v: Expr; l?: number; el?: number }

export type Pattern =
  | { k: 'id'; n: string }
  | { k: 'objp'; p: { key: string | Expr; t: Pattern; d?: Expr }[]; rest?: Pattern }
  | { k: 'arrp'; e: ({ t: Pattern; d?: Expr } | null)[]; rest?: Pattern }
  | { k: 'target'; e: Expr }

export type Stmt =
  | { k: 'var'; d: { t: Pattern; v?: Expr }[]; l: number }
  | { k: 'expr'; e: Expr; l: number }
  | { k: 'if'; c: Expr; t: Stmt[]; f?: Stmt[]; l: number }
  | {
      k: 'loop'
      kind: 'for' | 'of' | 'in' | 'while' | 'do'
      i?: Stmt[]
      c?: Expr
      u?: Expr
      v?: Pattern
      e?: Expr
      b: Stmt[]
      l: number
      el: number
    }
  | { k: 'ret'; e?: Expr; l: number; el: number }
  | { k: 'thr'; e: Expr; l: number }
  | { k: 'try'; b: Stmt[]; cv?: Pattern; c?: Stmt[]; f?: Stmt[]; l: number }
  | { k: 'sw'; e: Expr; cs: { t?: Expr; b: Stmt[] }[]; l: number }
  | { k: 'fn'; d: FunctionIR }
  | { k: 'cls'; d: ClassIR }
  | { k: 'blk'; b: Stmt[] }
  | { k: 'brk' }
  | { k: 'cnt' }

export interface FunctionIR {
  /** Unique within its file. */
  id: number
  n?: string
  p: { t: Pattern; d?: Expr; rest?: 1; ty?: string }[]
  b: Stmt[]
  async?: 1
  gen?: 1
  /** 'use server', 'use cache', 'use cache: remote', 'use cache: private'. */
  dir?: string
  arrow?: 1
  /** Its return type is a type predicate (`value is X`). */
  guard?: 1
  l: number
  el: number
}

export interface ClassIR {
  n?: string
  ext?: Expr
  members: { n: string; v: Expr; static?: 1; kind: 'method' | 'field' | 'get' | 'set' | 'ctor'; l: number }[]
  l: number
}

export interface ModuleIR {
  /** 'use client' | 'use server' | 'use cache…' at the top of the file. */
  dir?: string
  imports: { local: string; spec: string; name: string; l: number }[]
  /** `export { local as name }`, `export const name`, `export default`, `export { name } from spec`. */
  exports: { name: string; local?: string; spec?: string; imported?: string; l: number; el: number }[]
  stars: string[]
  body: Stmt[]
  /** Specifiers of imports for side effects only. */
  effects: string[]
  /** First syntax error, when the parser had to recover. */
  error?: { message: string; line: number }
  lines: number
  /** The text speaks of limits on how often something may be done. */
  limits?: 1
}
