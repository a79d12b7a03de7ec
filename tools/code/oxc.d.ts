/** The parser's native functions without its wrapper, which would also build objects for every comment and import. */
declare module 'oxc-parser/src-js/bindings' {
  import type { OxcError, ParserOptions } from 'oxc-parser'
  export function parseSync(
    file: string,
    text: string,
    options: ParserOptions,
  ): {
    /** JSON of `{ node: Program }`. Reading it frees it on the native side. */
    readonly program: string
    readonly errors: OxcError[]
  }
}
