import type { Command } from 'commander'

export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .summary('what a playbook looks for, why it matters and how to fix it')
    .description('Print a playbook: why it breaks, when it is fine, the fix. Without a name, list them all.')
    .argument('[playbook]', 'for example database/unbounded-query, or unbounded-query')
    .addHelpText('after', '\nExamples:\n  agent explain\n  agent explain n-plus-one')
    .action(async (name: string | undefined) => {
      const { explain } = await import('../explain.ts')
      process.stdout.write(await explain(name, process.stdout))
    })
}
