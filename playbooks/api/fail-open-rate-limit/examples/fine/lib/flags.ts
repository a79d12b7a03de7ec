/** Not a limiter: an unknown flag is on. */
export async function isEnabled(name: string): Promise<boolean> {
  try {
    const response = await fetch(`https://flags.example.com/${name}`, { signal: AbortSignal.timeout(1000) })
    return (await response.json()).enabled === true
  } catch {
    return true
  }
}
