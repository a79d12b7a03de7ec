import { readFileSync } from 'node:fs'

/** The operating-system account that PostgreSQL runs as; undefined means "as ourselves". */
export interface Account {
  uid: number
  gid: number
}

/**
 * PostgreSQL refuses to run as root, and a hostile migration should not run as anybody who owns something. When we are
 * root, an account without rights is taken: postgres, else nobody. initdb needs it to be in the user list.
 */
export function serverAccount(): Account | undefined | { reason: string } {
  if (process.getuid?.() !== 0) return undefined
  const lines = readUsers()
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find(line => line.startsWith(`${name}:`))?.split(':')
    const uid = Number(fields?.[2])
    const gid = Number(fields?.[3])
    if (fields && uid > 0 && Number.isInteger(gid)) return { uid, gid }
  }
  return { reason: 'running as root without an unprivileged account (postgres or nobody) to start PostgreSQL as' }
}

function readUsers(): string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n')
  } catch {
    return []
  }
}
