import { type Command, InvalidArgumentError } from 'commander'
import type { Limits } from '../loop/budget.ts'
import { parseCount } from './options.ts'

export interface RunCommandOptions {
  model: string
  limits: Limits
  /** False with --no-build. */
  build: boolean
  estimate?: boolean
  json?: boolean
  config?: string
}

interface Flags {
  model: string
  maxSteps: number
  maxTokens: number
  maxDollars: number
  maxMinutes: number
  build: boolean
  estimate?: boolean
  json?: boolean
  config?: string
}

export function addRunCommand(program: Command, signal: AbortSignal): void {
  program
    .command('run')
    .summary('all phases, with a model where it has something to add')
    .description(
      'Assess, plan and build, and let a model confirm or refute findings, look for what they miss, reason about the plan, and\n' +
        'write changes that no fix covers. What it says is checked against the files; what it writes passes the same gate and\n' +
        'proofs. Parts of the source are sent to the API. Without ANTHROPIC_API_KEY the phases run without it.',
    )
    .argument('[dir]', 'folder of the repository', '.')
    .option('--model <name>', 'model', 'claude-sonnet-5-5')
    .option('--max-steps <n>', 'requests to the model at most', parseCount, 60)
    .option('--max-tokens <n>', 'tokens at most, in and out', parseAmount, 2_000_000)
    .option('--max-dollars <n>', 'US dollars at most', parseAmount, 5)
    .option('--max-minutes <n>', 'minutes at most', parseCount, 30)
    .option('--no-build', 'commit no changes to local branches')
    .option('--estimate', 'say what it would cost, and stop')
    .option('--config <file>', 'configuration (default: scalability.config.json in <dir>)')
    .option('--json', 'print the result as JSON and nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  agent run --estimate\n' +
        '  ANTHROPIC_API_KEY=… agent run --max-dollars 2\n' +
        '\nEvery step is in .scalability/runs/<id>/journal.jsonl; a run that was stopped goes on with agent resume <id>.',
    )
    .action(async (dir: string, flags: Flags) => {
      const { runAgent } = await import('../loop/run.ts')
      process.exitCode = await runAgent(dir, optionsOf(flags), signal)
    })
}

function optionsOf({ maxSteps, maxTokens, maxDollars, maxMinutes, ...flags }: Flags): RunCommandOptions {
  return { limits: { steps: maxSteps, tokens: maxTokens, dollars: maxDollars, minutes: maxMinutes }, ...flags }
}

function parseAmount(value: string): number {
  const amount = Number(value)
  if (!Number.isFinite(amount) || amount <= 0) throw new InvalidArgumentError('It must be a number above 0.')
  return amount
}
