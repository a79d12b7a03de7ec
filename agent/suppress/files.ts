/** Files in which a suppression may stand: source, SQL, and the configuration that findings point at. */
const KINDS = /\.(?:[cm]?[jt]sx?|sql|prisma|toml|ya?ml)$/

/** Those of the files of the walk, posix paths. */
export function suppressibleFiles(files: readonly string[]): string[] {
  return files.filter(file => KINDS.test(file))
}
