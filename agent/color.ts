/**
 * Whether to print colours on a stream: on a terminal, unless NO_COLOR (https://no-color.org) or a dumb terminal says no;
 * FORCE_COLOR says yes elsewhere.
 */
export function wantsColor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return stream.isTTY === true && env.TERM !== 'dumb'
}
