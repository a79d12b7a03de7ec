import { readFileSync } from 'node:fs'
import path from 'node:path'
import { glob } from 'tinyglobby'

/**
 * Object by object, what Supabase's published lints and our playbooks say of the same database: `node bench/parity.mjs <splinter.sql>
 * <repository>…` after `npm run build`. The SQL is theirs (github.com/supabase/splinter) and is not kept here.
 */
const [sqlFile, ...roots] = process.argv.slice(2)
if (!sqlFile || roots.length === 0) {
  console.error('usage: node bench/parity.mjs <splinter.sql> <repository>…')
  process.exit(2)
}

const { openShadow } = await import('../dist/tools/schema/shadow/index.js')
const { buildAppModel } = await import('../dist/tools/code/index.js')
const { loadPlaybooks } = await import('../dist/playbooks/registry.js')
const { judge } = await import('../dist/playbooks/judge.js')

const playbooks = (await loadPlaybooks()).filter(({ area }) => area === 'database')

/** Which playbook answers a lint, and by which name both call an object. */
const PAIRS = {
  unindexed_foreign_keys: {
    ours: ['unindexed-foreign-key', 'missing-index', 'rls-unindexed-predicate'],
    lint: (row, schema) => {
      const table = tableOf(schema, row)
      const key = table?.foreignKeys.find(f => f.name === row.metadata.fkey_name)
      return [`${row.metadata.schema}.${row.metadata.name}.${key?.columns[0] ?? row.metadata.fkey_name}`]
    },
    finding: f => [objectOf(f)],
  },
  auth_rls_initplan: { ours: ['rls-per-row-evaluation'], lint: policyName, finding: policyFinding },
  multiple_permissive_policies: {
    ours: ['multiple-permissive-policies'],
    lint: row => {
      const [, role, action] = /for role `([^`]+)` for action `([^`]+)`/.exec(row.detail.replaceAll('\\`', '`')) ?? []
      return [`${row.metadata.name} ${role} ${action}`.toLowerCase()]
    },
    finding: f => {
      const table = /`([^`]+)`/.exec(f.title)?.[1]
      const groups = /\((.*)\)$/.exec(f.title)?.[1]?.split('; ') ?? []
      return groups.flatMap(group => {
        const [command, roles] = group.split(': ')
        return roles.split(', ').map(role => `${table} ${role} ${command}`)
      })
    },
  },
  policy_exists_rls_disabled: { ours: ['rls-disabled'], lint: relation, finding: firstName },
  rls_disabled_in_public: { ours: ['rls-disabled'], lint: relation, finding: firstName },
  rls_enabled_no_policy: { ours: ['rls-no-policy'], lint: relation, finding: firstName },
  duplicate_index: {
    ours: ['duplicate-index'],
    // Of n equal indexes one stays.
    lint: row => row.metadata.indexes.slice(1).map(() => `${row.metadata.name}: ${row.metadata.indexes.join(' = ')}`),
    finding: f => [
      `${/ on `([^`]+)`/.exec(f.title)?.[1]}: ${[/^`([^`]+)`/.exec(f.title)?.[1], /repeats `([^`]+)`/.exec(f.title)?.[1]].sort().join(' = ')}`,
    ],
  },
  security_definer_view: { ours: ['definer-view', 'exposed-auth-users'], lint: relation, finding: firstName },
  function_search_path_mutable: {
    ours: ['security-definer-without-search-path'],
    lint: relation,
    finding: functionName,
  },
  rls_policy_always_true: { ours: ['permissive-write-policy'], lint: policyName, finding: policyFinding },
  rls_references_user_metadata: { ours: ['user-metadata-in-policy'], lint: policyName, finding: policyFinding },
  no_primary_key: { ours: ['no-primary-key'], lint: relation, finding: firstName },
  auth_users_exposed: { ours: ['exposed-auth-users'], lint: relation, finding: firstName },
  public_bucket_allows_listing: {
    ours: ['public-bucket-listing'],
    lint: row => [row.metadata.bucket_id ?? row.metadata.name],
    finding: f => [/bucket `([^`]+)`/.exec(f.title)?.[1]],
  },
  anon_security_definer_function_executable: {
    ours: ['exposed-definer-function'],
    lint: relation,
    finding: functionName,
  },
  authenticated_security_definer_function_executable: {
    ours: ['exposed-definer-function'],
    lint: relation,
    finding: functionName,
  },
}

function relation({ metadata }) {
  return [`${metadata.name}`]
}
function tableOf(schema, { metadata }) {
  return schema.tables.find(t => t.schema === metadata.schema && t.name === metadata.name)
}
function firstName({ title }) {
  return [/`([^`]+)`/.exec(title)?.[1]]
}
function functionName({ title }) {
  return [/`([^`(]+)(?:\(\))?`/.exec(title)?.[1]?.replace(/^public\./, '')]
}
function policyName({ detail, metadata }) {
  const name =
    /policy \\?`(.+?)\\?`[, ]/.exec(detail)?.[1] ?? /policy \\?`(.+?)\\?`/.exec(detail)?.[1] ?? metadata.policy_name
  return [`${metadata.name} ${name}`]
}
function policyFinding({ title }) {
  const policy = /[Pp]olicy "(.+?)"(?: on | lets )/.exec(title)?.[1]
  const table = / on `([^`]+)`/.exec(title)?.[1] ?? / of `([^`]+)`/.exec(title)?.[1]
  return [`${table} ${policy}`]
}
function objectOf(finding) {
  const [, table, column] = /`(\w+)\.(\w+)`/.exec(finding.title) ?? []
  return `public.${table}.${column}`
}

/** Why we say something else, by what the schema shows; undefined when there is no reason. */
function reasonFor(name, object, theirs, schema) {
  if (!theirs) return ONLY_OURS[name]
  if (name === 'unindexed_foreign_keys')
    return 'the app neither reads through the key nor deletes its parents: nobody pays for the missing index'
  if (name === 'multiple_permissive_policies') {
    const [table, role, command] = object.split(' ')
    if (role !== 'anon' && role !== 'authenticated') return `${role} sends no queries of its own`
    const deciding = policiesOf(schema, table, command)
    if (deciding.some(p => isConstant(p, command, 'true')))
      return 'one of them is `true`: the planner folds the OR, nothing else is evaluated'
    if (deciding.some(p => isConstant(p, command, 'false'))) return 'one of them is `false`: the planner drops it'
  }
  if (name === 'auth_rls_initplan') return 'the policy is for roles that bypass row-level security'
  if (name === 'security_definer_view')
    return 'its tables show everybody all rows by policy: there is nothing to pass by'
  if (/security_definer_function/.test(name)) return functionReason(object, schema)
  if (name === 'rls_enabled_no_policy') return 'closed on purpose: the app does not ask it with a caller’s rights'
  if (name === 'duplicate_index') return undefined
  if (name === 'no_primary_key') return 'another unique key tells its rows apart'
  return undefined
}

const ONLY_OURS = {
  unindexed_foreign_keys:
    'the code or a policy finds rows by it, foreign key or not, or the only index on it is partial',
  auth_rls_initplan:
    'a helper that reads a table, or a bare call beside a wrapped one: theirs looks for one wrapped call in the text',
  duplicate_index:
    'the same columns as the index of a unique constraint: theirs compares definitions, and UNIQUE is in them',
  public_bucket_allows_listing: 'the same bucket by another policy',
}

function policiesOf(schema, table, command) {
  return (schema.tables.find(t => t.name === table)?.policies ?? []).filter(
    p => p.permissive && (p.command === 'all' || p.command === command),
  )
}

function isConstant(policy, command, value) {
  const text = command === 'insert' ? (policy.withCheck ?? policy.using) : policy.using
  return text !== undefined && text.replace(/[\s()]/g, '').toLowerCase() === value
}

function functionReason(name, schema) {
  const own = schema.functions.filter(f => f.name === name)
  if (own.every(f => /trigger/i.test(f.returns ?? ''))) return 'a trigger function cannot be called by name'
  const used = schema.tables.some(t =>
    t.policies.some(p => `${p.using ?? ''} ${p.withCheck ?? ''}`.includes(`${name}(`)),
  )
  if (used) return 'policies call it as the one who asks: they must be able to'
  const writes = /\b(insert\s+into|update\s+\S+\s+set|delete\s+from|truncate)\b/i
  if (own.every(f => !writes.test(f.body))) return 'it only reads: reported only when it runs its caller’s SQL'
  return 'its body asks who calls'
}

/** Lints that no playbook answers on a replayed database. */
const NOT_HERE = {
  unused_index: 'statistics of a database that nobody has used mean nothing: database/unused-index asks a running one',
  pg_graphql_anon_table_exposed:
    'names of tables, not their rows: the same as the Data API shows, row-level security decides',
  pg_graphql_authenticated_table_exposed: 'the same for signed-in users',
}

async function compare(root) {
  const files = await glob(['**/*'], {
    cwd: root,
    ignore: ['**/node_modules/**', '**/.git/**', '**/.next/**', '**/.scalability/**'],
    onlyFiles: true,
    followSymbolicLinks: false,
  })
  const shadow = await openShadow({ root, files: files.map(file => file.split(path.sep).join('/')) })
  if ('skipped' in shadow) throw new Error(shadow.skipped)
  try {
    const client = await shadow.connect({ superuser: true })
    // Without it the lints about exposed schemas find nothing: empty is not clean.
    await client.query("set pgrst.db_schemas = 'public'")
    const result = await client.query(readFileSync(sqlFile, 'utf8'))
    const rows = (Array.isArray(result) ? result.at(-1) : result).rows
    await client.end()
    const code = await buildAppModel({ root })
    const ran = value => ({ status: 'ran', value, ms: 0 })
    const evidence = { code: ran(code), schema: ran(shadow.schema), database: { status: 'skipped', reason: 'none' } }
    return { rows, schema: shadow.schema, findings: judge(playbooks, evidence).findings }
  } finally {
    await shadow.stop()
  }
}

for (const root of roots) {
  const { rows, schema, findings } = await compare(path.resolve(root))
  console.log(
    `\n## ${path.basename(root)}\n\n| Lint | Theirs | Ours | Same | Only theirs | Only ours |\n| --- | --- | --- | --- | --- | --- |`,
  )
  const differences = new Map()
  for (const name of new Set([...Object.keys(PAIRS), ...rows.map(row => row.name)])) {
    const pair = PAIRS[name]
    const own = rows.filter(row => row.name === name)
    const theirs = new Set(pair ? own.flatMap(row => pair.lint(row, schema)) : own.map(row => row.cache_key))
    const found = pair ? findings.filter(f => pair.ours.includes(f.playbook.slice('database/'.length))) : []
    const ours = new Set(found.flatMap(f => pair.finding(f)))
    if (theirs.size === 0 && ours.size === 0) continue
    const missing = [...theirs].filter(object => !ours.has(object))
    const more = [...ours].filter(object => !theirs.has(object))
    console.log(
      `| ${name} | ${theirs.size} | ${pair ? ours.size : '–'} | ${theirs.size - missing.length} | ${pair ? missing.length : '(no playbook)'} | ${more.length} |`,
    )
    if (!pair) {
      differences.set(`not compared: ${name}: ${NOT_HERE[name] ?? 'no playbook'}`, [...theirs])
      continue
    }
    for (const [objects, isTheirs] of [
      [missing, true],
      [more, false],
    ]) {
      for (const object of objects) {
        const reason = reasonFor(name, object, isTheirs, schema) ?? 'NO REASON'
        const key = `${isTheirs ? 'only theirs' : 'only ours'}: ${name}: ${reason}`
        differences.set(key, [...(differences.get(key) ?? []), object])
      }
    }
  }
  for (const [key, objects] of differences) {
    const shown = process.env.ALL ? objects : objects.slice(0, 4)
    console.log(`- ${key}: ${objects.length} (${shown.join('; ')}${shown.length < objects.length ? '; …' : ''})`)
  }
}
