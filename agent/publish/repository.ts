import { UserError } from '../../tools/errors.ts'
import type { Git } from '../since/git.ts'
import { oneLine } from '../text.ts'

/** Where the pull requests go. */
export interface Repository {
  owner: string
  name: string
  /** Base URL of the REST API, without a slash at its end. */
  api: string
}

const GITHUB_API = 'https://api.github.com'

/**
 * The repository on GitHub: named with --repo, by GitHub Actions, or by the remote.
 *
 * The address that the token is sent to never comes from the checkout: a remote elsewhere than on github.com needs
 * GITHUB_API_URL to say so.
 *
 * @throws UserError when none can be told
 */
export async function findRepository(
  git: Git,
  { repo, remote }: { repo?: string; remote: string },
  env: NodeJS.ProcessEnv,
): Promise<Repository> {
  const api = apiUrl(env.GITHUB_API_URL)
  const named = repo ?? env.GITHUB_REPOSITORY
  if (named !== undefined) {
    const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(named) ?? []
    if (!owner || !name) throw new UserError(`${oneLine(named, 100)}: is not a repository; write owner/name`)
    return { owner, name, api: api ?? GITHUB_API }
  }
  const place = parseRemote(await remoteUrl(git, remote))
  if (!place)
    throw new UserError(
      `the remote ${oneLine(remote, 60)} is not a repository on GitHub; name it with --repo owner/name`,
    )
  if (place.host !== 'github.com' && api === undefined)
    throw new UserError(
      `the remote is on ${oneLine(place.host, 100)}; if that is your GitHub Enterprise server, set GITHUB_API_URL to its API`,
    )
  return { owner: place.owner, name: place.name, api: api ?? GITHUB_API }
}

async function remoteUrl(git: Git, remote: string): Promise<string> {
  try {
    return (await git.run('config', '--get', `remote.${remote}.url`)).trim()
  } catch {
    throw new UserError(`there is no remote ${oneLine(remote, 60)} here; name the repository with --repo owner/name`)
  }
}

/** Host, owner and name out of any form that git takes for a remote. What stands before an @ (it may be a secret) is dropped. */
export function parseRemote(url: string): { host: string; owner: string; name: string } | undefined {
  const scp = /^(?:[^@/]+@)?([\w.-]+):(?!\/\/)([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/
  const full = /^(?:https|ssh|git):\/\/(?:[^@/]+@)?([\w.-]+)(?::\d+)?\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/
  const [, host, owner, name] = full.exec(url) ?? scp.exec(url) ?? []
  return host && owner && name ? { host: host.toLowerCase(), owner, name } : undefined
}

function apiUrl(given: string | undefined): string | undefined {
  if (given === undefined || given === '') return undefined
  const url = URL.canParse(given) ? new URL(given) : undefined
  const local = url && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (!url || (url.protocol !== 'https:' && !(local && url.protocol === 'http:')))
    throw new UserError('GITHUB_API_URL must be an https:// address')
  return given.replace(/\/+$/, '')
}
