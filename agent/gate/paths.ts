import type { GateReason } from './verdict.ts'

const MAX_PATH = 400
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Paths that lead out of the app or mean different files on different systems. */
export function pathReason(path: string): GateReason | undefined {
  const refuse = (evidence: string): GateReason => ({ rule: 'path', object: printable(path), evidence })
  if (path === '' || path.length > MAX_PATH) return refuse('empty or very long')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return refuse('control characters in the path')
  if (path.includes('\\')) return refuse('backslashes: another file on Windows')
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.startsWith('~')) return refuse('absolute')
  if (path !== path.normalize('NFC')) return refuse('two spellings of one name')
  if (/[^\u0020-\u007e]/.test(path)) return refuse('letters outside of ASCII: easily mistaken for others')
  const parts = path.split('/')
  if (parts.some(part => part === '' || part === '.' || part === '..'))
    return refuse('leads elsewhere (empty, "." or ".." parts)')
  if (parts.some(part => /[ .]$/.test(part) || /^\s/.test(part) || part.includes(':')))
    return refuse('a name that other systems cut')
  if (parts.some(part => RESERVED.test(part))) return refuse('a device name on Windows')
  if (parts.some(part => /^\.git$/i.test(part) || /^git~\d$/i.test(part))) return refuse('inside of .git')
  if (parts.some(part => part.toLowerCase() === 'node_modules')) return refuse('inside of node_modules')
  return undefined
}

function printable(path: string): string {
  return JSON.stringify(path).slice(1, -1).slice(0, 200)
}

/** Names that differ from one that is there in nothing but case. */
export function caseReason(path: string, known: Iterable<string>): GateReason | undefined {
  const lower = path.toLowerCase()
  for (const other of known)
    if (other !== path && (other.toLowerCase() === lower || lower.startsWith(`${other.toLowerCase()}/`)))
      return { rule: 'path', object: path, evidence: `the same file as ${other} on systems that ignore case` }
  return undefined
}

interface Protected {
  pattern: RegExp
  what: string
}

/** Files that steer machines or agents: whoever changes them, it is not a change that scales an app. */
const PROTECTED: Protected[] = [
  {
    pattern:
      /(^|\/)\.(github|gitlab|circleci|buildkite|husky|githooks|devcontainer|vscode|idea|cursor|claude|windsurf|codex|gemini|aider[^/]*|continue|roo|clinerules|zed|kiro|agents?)(\/|$)/i,
    what: 'automation, hooks or instructions of agents',
  },
  {
    pattern:
      /(^|\/)(\.gitlab-ci\.ya?ml|\.travis\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|jenkinsfile|\.drone\.ya?ml|renovate\.json5?|dependabot\.ya?ml|codeowners|lefthook\.ya?ml|\.lefthook\.ya?ml|lint-staged[^/]*|\.lintstagedrc[^/]*|\.pre-commit-config\.ya?ml)$/i,
    what: 'continuous integration or hooks',
  },
  { pattern: /(^|\/)\.env(\.[\w.-]+)?$|(^|\/)\.envrc$|\.(pem|key|p12|pfx|crt|jks)$/i, what: 'environment or keys' },
  {
    pattern: /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock)$/i,
    what: 'a lock file',
  },
  {
    pattern:
      /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|\.pnpmfile\.c?js|pnpm-workspace\.yaml|bunfig\.toml|\.nvmrc|\.node-version|\.tool-versions|turbo\.json|nx\.json|lerna\.json)$/i,
    what: 'package manager or build configuration',
  },
  {
    pattern:
      /(^|\/)(claude|agents|gemini|codex|copilot-instructions|agent|llms|llms-full|warp|crush)(\.local)?\.(md|txt|mdc)$|(^|\/)\.(cursorrules|windsurfrules|clinerules|goosehints|roorules|mcp\.json|aider\.conf\.yml)$|(^|\/)mcp\.json$/i,
    what: 'instructions of agents',
  },
  {
    pattern: /(^|\/)\.(gitattributes|gitmodules|gitignore|gitconfig|dockerignore|vercelignore|npmignore)$/i,
    what: 'git or packaging rules',
  },
  {
    pattern:
      /(^|\/)(dockerfile[^/]*|[^/]*\.dockerfile|docker-compose[^/]*|compose\.ya?ml|makefile|procfile|fly\.toml|netlify\.toml|render\.ya?ml|app\.ya?ml|[^/]*\.tf|terraform\.tfvars|serverless\.ya?ml|wrangler\.(toml|jsonc?)|ecosystem\.config\.[cm]?js|nginx\.conf|Caddyfile)$/i,
    what: 'build or deployment',
  },
  {
    pattern:
      /(^|\/)(biome\.jsonc?|\.eslintrc[^/]*|eslint\.config\.[cm]?[jt]s|\.eslintignore|\.prettierignore|knip\.jsonc?|\.semgrepignore|semgrep\.ya?ml|sonar-project\.properties|\.snyk|scalability\.config\.json|\.scalability(\/.*)?|vitest\.config\.[cm]?[jt]s|jest\.config\.[cm]?[jt]s|playwright\.config\.[cm]?[jt]s|cypress\.config\.[cm]?[jt]s)$/i,
    what: 'checks of the code',
  },
  { pattern: /\.(sh|bash|zsh|ps1|bat|cmd|exe|dll|so|dylib|node|wasm|jar|py|rb|pl|php)$/i, what: 'a script or binary' },
]

export function protectedReason(path: string, existed: boolean, removed: boolean): GateReason | undefined {
  const found = PROTECTED.find(({ pattern }) => pattern.test(path))
  if (!found) return undefined
  return {
    rule: 'protected-path',
    object: path,
    evidence: `${found.what}: ${existed ? 'there' : 'not there'} → ${removed ? 'deleted' : existed ? 'changed' : 'added'}`,
    file: path,
    line: 1,
  }
}
