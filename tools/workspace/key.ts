import { createHash } from 'node:crypto'

/** 12 hex digits that name a change of a playbook to an object ("index posts(author_id)"). */
export function changeKey(playbook: string, object: string): string {
  return createHash('sha256').update(`${playbook}\n${object}`).digest('hex').slice(0, 12)
}

/** `scalability/<area>-<id>-<short key>`, a valid name of a git branch. */
export function branchName({ playbook, key }: { playbook: string; key: string }): string {
  return `scalability/${playbook.replaceAll('/', '-')}-${key.slice(0, 8)}`
}
