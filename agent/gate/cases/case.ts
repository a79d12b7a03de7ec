/** A case of the gate's own suite: a small app (or a piece of one), and a change to it that is bad or harmless. */
export interface GateCase {
  /** What the change does, in a few words; unique. */
  name: string
  base: Record<string, string>
  change: Record<string, string | null>
  /** The rule that must be among the reasons; absent for a harmless change. */
  bad?: string
}

/** A text with one passage replaced. Throws when the passage is not there exactly once: a case must not test nothing. */
export function edit(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`not there exactly once: ${from}`)
  return text.replace(from, () => to)
}
