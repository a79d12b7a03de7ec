/** A wrapper around an action that looks like a guard and is none. */
export function withLog<Args extends unknown[], Result>(name: string, action: (...args: Args) => Promise<Result>) {
  return async (...args: Args): Promise<Result> => {
    const started = Date.now()
    try {
      return await action(...args)
    } finally {
      console.info(name, Date.now() - started)
    }
  }
}
