/**
 * One reviewable step: the files it leaves behind, and everything a reviewer needs to trust it. Fixes (playbooks, model) make it, the gate
 * judges it, `tools/verify` proves it, `agent build` commits it, `agent publish` opens it. Nobody adds edits to it on the way.
 */
export interface Change {
  /** `<area>/<id>` of the playbook. */
  playbook: string
  /** Stable name of the change: `changeKey(playbook, object)`. The same problem gives the same key in every run. */
  key: string
  /** Keys of the findings that it settles. */
  findings: string[]
  /** Imperative, at most 72 characters: the commit's subject and the pull request's title. */
  title: string
  /** Why, with the numbers and places that prove it. Markdown. */
  summary: string
  /** Whole content of each file afterwards, by posix path relative to the audited folder; null deletes it. Migrations included. */
  files: Record<string, string | null>
  migrations: ChangeMigration[]
  /** How to take it back, as steps a person can follow. Markdown. */
  rollback: string
  /** What it means for security and privacy, and why it weakens nothing. Markdown. */
  security: string
  /** Commands or observations by which a reviewer sees that it worked. */
  verify: string[]
  /** What nothing here could prove. */
  notVerified: string[]
}

export interface ChangeMigration {
  /** Path of the file that goes up; a key of `files`. */
  up: string
  /** Path of the counter-migration, outside of the migration folder when the tool knows no way down; a key of `files`. */
  down: string
  /** False when it must run outside of a transaction (CREATE INDEX CONCURRENTLY: then it is the only statement of its file). */
  transactional: boolean
}

/** What a fix answers: a change, or why there is none. */
export type FixOutcome = { change: Change } | { declined: string }
