import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { migrationChange } from '../../fixes/change.ts'
import type { FixInput } from '../../playbook.ts'

/** Sets the path under which the names of the body resolve today. The body itself stays as it is. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const { file, line } = finding.location
  const own = input.schema?.functions.find(
    f => f.location.file === file && f.location.line === line && f.searchPath === undefined,
  )
  if (!own?.arguments) return { declined: 'the function is not in the schema any more' }
  const name = `${own.schema}.${own.name}`
  const types = own.arguments.map(({ type }) => type)
  return migrationChange(finding, input, [{ kind: 'set-search-path', function: name, arguments: types }], () => ({
    object: `search_path of ${name}(${types.join(', ')})`,
    title: `Set the search_path of ${own.name}()`,
    what: `Gives \`${name}\` a search_path of its own: the schemas in which its names resolve today, temporary tables last. Its body, rights and result stay the same.`,
    security:
      'Until now whoever called it chose where its names led: a temporary table of the caller came first. Now the function chooses. An empty path with qualified names in the body is stricter still, and is left to a person.',
    verify: [
      `\`select proconfig from pg_proc where oid = '${name}'::regproc\` names the path`,
      'the function gives the same result as before',
    ],
    notVerified: [`That \`${own.name}\` reads nothing outside of these schemas by a bare name.`],
  }))
}
