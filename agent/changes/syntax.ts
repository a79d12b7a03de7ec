import type { ProofCheck } from '../../tools/verify/proof.ts'
import type { Change } from '../../tools/workspace/change.ts'

/** Whether the source files of a change can be parsed. */
export async function checkSyntax({ files }: Pick<Change, 'files'>): Promise<ProofCheck> {
  const name = 'syntax'
  const sources = Object.entries(files).filter(([path, text]) => text !== null && /\.[cm]?[jt]sx?$/.test(path))
  if (sources.length === 0) return { name, status: 'skipped', summary: 'no source file is changed' }
  const { parseSync } = await import('oxc-parser')
  const broken = sources.flatMap(([path, text]) => {
    const [error] = parseSync(path, text!).errors
    return error ? [`${path}: ${error.message}`] : []
  })
  return broken.length === 0
    ? {
        name,
        status: 'passed',
        summary: `${sources.length === 1 ? 'the source file' : `all ${sources.length} source files`} can be parsed`,
      }
    : { name, status: 'failed', summary: broken[0]!, detail: broken }
}
