import type { Value } from '../eval/values.ts'

/** What the exports of npm packages mean, by package specifier and export path ("default", "createClient", "webhooks.verify"). */
export const packages = new Map<string, Record<string, Value>>()

/** Adds knowledge about a package; several files may speak of one package. */
export function definePackage(specifier: string, exports: Record<string, Value>): void {
  packages.set(specifier, { ...packages.get(specifier), ...exports })
}
