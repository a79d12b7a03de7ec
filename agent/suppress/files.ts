import { glob } from 'tinyglobby'

/** Files in which a suppression may stand: source, SQL, and the configuration that findings point at. */
const PATTERNS = ['**/*.{ts,tsx,js,jsx,mts,mjs,cts,cjs,sql,prisma,toml,yml,yaml}']

const IGNORED = ['**/node_modules/**', '**/.git/**', '**/.next/**', '**/.scalability/**', '**/scalability-report/**']

/** Posix paths relative to the audited folder; no link is followed. */
export function suppressibleFiles(root: string, signal?: AbortSignal): Promise<string[]> {
  return glob(PATTERNS, { cwd: root, ignore: IGNORED, followSymbolicLinks: false, onlyFiles: true, dot: false, signal })
}
