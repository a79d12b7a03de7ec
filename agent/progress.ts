import type { WriteStream } from 'node:tty'
import { oneLine } from './text.ts'

/** Tells the user what is being done. Everything goes to stderr: stdout belongs to the result. */
export interface Progress {
  /** Runs one step under a title; `report` shows how far it is ("120 of 400 files"). */
  step<T>(title: string, run: (report: (detail: string) => void) => Promise<T>): Promise<T>
}

export interface ProgressOptions {
  quiet: boolean
  stream: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
}

/** Steps with a spinner on a terminal, one line per step in a pipe or in CI, nothing when quiet. */
export function createProgress({ quiet, stream, env }: ProgressOptions): Progress {
  if (quiet) return { step: (_title, run) => run(() => {}) }
  const lively = stream.isTTY && stream.columns >= MIN_COLUMNS && !isSet(env.CI) && env.TERM !== 'dumb'
  return lively ? livelyProgress(stream) : plainProgress(stream)
}

/** Narrower than this (or of unknown width, which is 0), a terminal breaks the lines that the spinner redraws. */
const MIN_COLUMNS = 20

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}

function plainProgress(stream: NodeJS.WritableStream): Progress {
  return {
    step: (title, run) => {
      stream.write(`${title}\n`)
      return run(() => {})
    },
  }
}

function livelyProgress(stream: WriteStream): Progress {
  return {
    async step<T>(title: string, run: (report: (detail: string) => void) => Promise<T>): Promise<T> {
      const { DefaultRenderer, Listr, ListrLogger, ProcessOutput } = await import('listr2')
      // Otherwise listr2 looks at stdout, which may be a file, to decide whether there is a terminal.
      const Renderer = class extends DefaultRenderer {
        static override nonTTY = true
      }
      const result: { value?: T } = {}
      const task = {
        title,
        task: async (_: unknown, wrapper: { output: string }): Promise<void> => {
          result.value = await run(detail => {
            wrapper.output = oneLine(detail, 100)
          })
        },
      }
      await new Listr([task], {
        renderer: Renderer,
        rendererOptions: {
          // Told by cli.ts.
          showErrorMessage: false,
          logger: new ListrLogger({ useIcons: false, processOutput: new ProcessOutput(stream, stream) }),
        },
        // Ctrl-C is handled in one place (interrupt.ts).
        registerSignalListeners: false,
      }).run()
      return result.value as T
    },
  }
}
