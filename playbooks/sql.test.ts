import { describe, expect, test } from 'vitest'
import { callsIn, comparisonsOf, selectsIn, splitAt, sqlTree } from './sql.ts'

function calls(text: string): string[] {
  return callsIn(sqlTree(text)).map(c => `${c.schema ? `${c.schema}.` : ''}${c.name}${c.once ? ' once' : ''}`)
}

describe('calls', () => {
  test.each([
    ['auth.uid() = user_id', ['auth.uid']],
    ['(select auth.uid()) = user_id', ['auth.uid once']],
    ['( SELECT auth.uid() AS uid) = user_id', ['auth.uid once']],
    ['("user_id" = ( SELECT "auth"."uid"() AS "uid"))', ['auth.uid once']],
    ["(select (auth.jwt() ->> 'role')) = 'admin'", ['auth.jwt once']],
    ['id in (select team_id from members where user_id = auth.uid())', ['auth.uid']],
    ['exists (select 1 where auth.uid() = user_id)', ['auth.uid']],
    ['team_id = any (array(select private.my_teams()))', ['private.my_teams once']],
    ["code = 'auth.uid()' -- auth.uid()", []],
    ['amount::numeric(10, 2) > 0 and lower(name) = $$is_admin()$$', ['lower']],
  ])('of %s', (text, expected) => {
    expect(calls(text)).toEqual(expected)
  })
})

describe('sub-selects', () => {
  test('name their tables with aliases, and their conditions one by one', () => {
    const text = `x in (select cr.id from public.check_runs cr join repos as r on cr.repo_id = r.id
                        where r.user_id = auth.uid() and r.active order by 1)`
    const [select] = selectsIn(sqlTree(text))
    expect(select?.sources).toEqual([
      { schema: 'public', table: 'check_runs', name: 'cr' },
      { schema: undefined, table: 'repos', name: 'r' },
    ])
    expect(select?.conditions).toHaveLength(3)
  })

  test('read lists of tables; functions are no tables', () => {
    const [select] = selectsIn(sqlTree('exists (select 1 from a, "B" b2, my_teams() t where a.id = b2.a_id)'))
    expect(select?.sources.map(s => s.table)).toEqual(['a', 'B'])
  })

  test('are found inside of one another', () => {
    const tree = sqlTree('id in (select a_id from a where b_id in (select id from b))')
    expect(selectsIn(tree).map(s => s.sources[0]?.table)).toEqual(['a', 'b'])
  })
})

describe('comparisons', () => {
  test.each([
    ['user_id = 1', ['user_id =']],
    ['((t.user_id) = (select auth.uid()))', ['user_id =']],
    ['user_id::text = auth.uid()::text', []],
    ['team_id = any (array[1])', ['team_id any']],
    ['team_id in (select 1)', ['team_id in']],
    ['team_id not in (select 1)', []],
    ['a.x = b.y', ['x =', 'y =']],
    ['published', []],
  ])('of %s', (text, expected) => {
    expect(comparisonsOf(sqlTree(text)).map(c => `${c.column.name} ${c.operator}`)).toEqual(expected)
  })

  test('stand in branches, brackets around some of them or not', () => {
    expect(splitAt(sqlTree('(a = 1 or (b = 2 or c = 3))'), 'or')).toHaveLength(3)
    expect(splitAt(sqlTree('(a = 1 and (b = 2 or c = 3))'), 'and')).toHaveLength(2)
    expect(comparisonsOf(sqlTree('(b = 2 or c = 3)'))).toEqual([])
  })
})
