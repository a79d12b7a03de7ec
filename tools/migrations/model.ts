import type { SchemaModel } from '../schema/model.ts'
import type { ChangeMigration } from '../workspace/change.ts'

/** One thing that a migration does to the database. Tables, views and functions are named "schema.name". */
export type MigrationRequest =
  | CreateIndexRequest
  | DropIndexRequest
  | AlterPolicyRequest
  | MergePoliciesRequest
  | SearchPathRequest
  | SecurityInvokerRequest
  | RoleSettingRequest

export interface CreateIndexRequest {
  kind: 'create-index'
  table: string
  /** Columns or expressions in order; a bare string is a column. */
  keys: (string | IndexKey)[]
  /** "btree" when absent; "gin" for trigrams and documents. */
  method?: string
  /** Columns that are carried along (INCLUDE). */
  include?: string[]
  /** SQL text of WHERE. */
  predicate?: string
  /** By default made by the convention of the schema's other indexes. */
  name?: string
}

export interface IndexKey {
  column?: string
  /** SQL text, without the parentheses around it. */
  expression?: string
  descending?: boolean
  opclass?: string
}

/** Removes an index that another one makes superfluous. Indexes of constraints are declined. */
export interface DropIndexRequest {
  kind: 'drop-index'
  table: string
  index: string
}

/** Rewrites the expressions or roles of a policy in place; nothing else of it changes. */
export interface AlterPolicyRequest {
  kind: 'alter-policy'
  table: string
  policy: string
  /** Wraps `auth.uid()` and its kin in `(select …)`. */
  wrap?: boolean
  /** Functions ("private.is_admin") whose calls are wrapped as well, where they take nothing of the row. */
  alsoWrap?: string[]
  /**
   * Names the roles that the policy is for. Only a narrowing to `authenticated` of what can never be true for guests is
   * written; everything else is declined.
   */
  roles?: string[]
}

/** Makes one policy of several permissive ones that decide the same command of the same roles. */
export interface MergePoliciesRequest {
  kind: 'merge-policies'
  table: string
  policies: string[]
  /** As for `alter-policy`, on the way. */
  wrap?: boolean
  alsoWrap?: string[]
}

export interface SearchPathRequest {
  kind: 'set-search-path'
  function: string
  /** Types of its input arguments, to tell overloads apart; may be left out when there is only one. */
  arguments?: string[]
  /** By default the path under which the body resolves today: public, then extensions where the schema has any there. */
  value?: string
}

export interface SecurityInvokerRequest {
  kind: 'security-invoker'
  view: string
}

export interface RoleSettingRequest {
  kind: 'role-setting'
  role: string
  setting: 'statement_timeout' | 'lock_timeout' | 'idle_in_transaction_session_timeout'
  /** With its unit: "8s". */
  value: string
  /** What the role has today, for the way back; absent when it has none of its own. */
  previous?: string
}

export interface MigrationContext {
  schema: SchemaModel
  /** Milliseconds since the epoch: the version of the first file, unless the repository already has a later one. */
  now: number
  /** Versions, or posix paths of files, that are taken; those of `schema.migrations` are known anyway. */
  taken: readonly string[]
  /**
   * Text of a file by its posix path relative to the audited folder. Needed where a migration is more than an SQL file: Drizzle's
   * journal, the models of Prisma.
   */
  source?: (path: string) => string | undefined
  /** What the files are called, in snake case; by default made of the request. */
  name?: string
}

export interface WrittenMigrations {
  migrations: ChangeMigration[]
  /** Whole content by posix path: the files that go up, those that go down, and what the tool keeps beside them. */
  files: Record<string, string>
  /** How to take them back. Markdown. */
  rollback: string
  /** What a reviewer has to know: how the tool runs them, what to do when a build fails. One sentence each. */
  notes: string[]
}

export type MigrationOutcome = WrittenMigrations | { declined: string }

/** What a request comes to, before it is known which tool runs it. */
export interface Part {
  /** Snake case, for the file's name. */
  slug: string
  /** False when each of its statements must run alone, outside of a transaction. */
  transactional: boolean
  /** Locks a table, so that waiting for it has to be bounded. */
  locks: boolean
  /** Statements without semicolons. */
  up: string[]
  down: string[]
  /** Lines of the comment at the head of the file that goes up. */
  comment: string[]
  notes: string[]
  /** Index that the part creates: some tools keep their own list. */
  creates?: { table: string; name: string; columns: string[] }
  /** The same without CONCURRENTLY, for tools that run every migration in a transaction. */
  insideTransaction?: string[]
}

export type PartOutcome = Part | { declined: string }
