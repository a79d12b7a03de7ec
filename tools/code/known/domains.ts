import type { Call, DomValue, Runtime, Value } from '../eval/values.ts'

/** How a kind of library object behaves: each handler answers undefined when it does not know, and the default applies. */
export interface Domain {
  get?(v: DomValue, property: string, rt: Runtime): Value | undefined
  index?(v: DomValue, key: Value, rt: Runtime): Value | undefined
  call?(v: DomValue, args: Value[], call: Call): Value | undefined
  method?(v: DomValue, name: string, args: Value[], call: Call): Value | undefined
  /** A question without arguments whose answer depends on nothing but the value: asked of alternatives, it tells them apart. */
  test?(v: DomValue, name: string): Value | undefined
  tag?(v: DomValue, quasis: readonly string[], values: Value[], call: Call): Value | undefined
  /** What `await` gives. */
  settle?(v: DomValue, at: { file: string; line: number; rt: Runtime }): Value
  /** Builders with the same origin are states of one query; `merge` gives the least and the most that it can be. */
  origin?(v: DomValue): string
  merge?(states: DomValue[]): DomValue[]
  /** Methods can be taken off it and called later (clients, not data). */
  bound?: boolean
  /** Handing it to unknown code executes it. */
  escapes?: boolean
}

/** Filled by the files of this folder when they are loaded (see registry.ts). */
export const domains: Record<string, Domain> = {}

export function defineDomain(name: string, domain: Domain): void {
  domains[name] = domain
}
