import { UserError } from '../../tools/errors.ts'
import type { SchemaModel, SchemaTable } from '../../tools/schema/model.ts'
import { describeTable } from '../../tools/schema/tool.ts'
import { nearMisses, oneLine } from '../text.ts'
import { type Binding, bind } from './binding.ts'
import { accessLine } from './code.ts'
import { fitting, inline } from './text.ts'

export const schemaBindings: Binding[] = [
  bind(describeTable, async ({ table: wanted }, session, call) => {
    const { facts } = await session.assessed(call)
    const { schema } = facts
    if (!schema) throw new UserError('the repository defines no database: there are no migrations or schema files')
    const readFrom = schema.readFrom ?? 'files'
    const names = schema.tables.map(nameOf)
    if (wanted === undefined) {
      const tables = fitting(
        names.map(name => inline(name, 120)),
        8000,
      )
      return { readFrom, tables, moreTables: names.length - tables.length }
    }
    const table = schema.tables.find(one => nameOf(one) === wanted || one.name === wanted)
    if (!table) {
      const near = nearMisses(wanted, names)
      throw new UserError(
        `there is no table ${oneLine(wanted, 100)}${near.length > 0 ? `; is it ${near.join(', ')}?` : ''}`,
      )
    }
    const users = facts.accesses.filter(access => access.table === table.name).map(accessLine)
    const shown = users.slice(0, 20)
    return {
      readFrom,
      tables: [],
      moreTables: 0,
      table: {
        ...tableOf(table, schema),
        accesses: shown.map(({ id, what, role, bound, place }) => `${id} ${what} as ${role}, ${bound}, ${place}`),
        moreAccesses: users.length - shown.length,
      },
    }
  }),
]

function nameOf({ schema, name }: SchemaTable): string {
  return `${schema}.${name}`
}

function tableOf(table: SchemaTable, { triggers = [] }: SchemaModel) {
  const own = triggers.filter(({ schema, table: name }) => schema === table.schema && name === table.name)
  return {
    name: inline(nameOf(table), 120),
    kind: table.kind,
    place: inline(`${table.location.file}:${table.location.line}`),
    columns: fitting(
      table.columns.map(({ name, type, notNull, default: value }) =>
        inline(`${name} ${type}${notNull ? ' not null' : ''}${value ? ` default ${value}` : ''}`, 160),
      ),
      4000,
    ),
    primaryKey: table.primaryKey,
    foreignKeys: table.foreignKeys.map(({ columns, schema, table: other, references }) =>
      inline(`(${columns.join(', ')}) → ${schema}.${other}(${references.join(', ')})`, 160),
    ),
    indexes: table.indexes.map(({ name, method, columns, unique, predicate }) =>
      inline(
        `${name}: ${unique ? 'unique ' : ''}${method} (${columns.join(', ')})${predicate ? ` where ${predicate}` : ''}`,
        200,
      ),
    ),
    rowLevelSecurity: table.rowLevelSecurity,
    policies: fitting(
      table.policies.map(({ name, permissive, command, roles, using, withCheck }) =>
        inline(
          `"${name}"${permissive ? '' : ' restrictive'} ${command} to ${roles.join(', ') || 'public'}${using ? ` using (${using})` : ''}${withCheck ? ` with check (${withCheck})` : ''}`,
          400,
        ),
      ),
      4000,
    ),
    triggers: own.map(({ name, timing, events, perRow, function: called }) =>
      inline(`${name}: ${timing} ${events.join(' or ')}${perRow ? ' for each row' : ''} → ${called}`, 160),
    ),
    notKnown: table.unknown ?? [],
  }
}
