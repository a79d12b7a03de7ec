import { describe, expect, it } from 'vitest'
import type { SchemaOperation } from '../model.ts'
import { loadParser } from '../sql/parse.ts'
import { sourceText } from '../sql/text.ts'
import { emptyCatalog } from './catalog.ts'
import { foldFile } from './fold.ts'

/** What a second migration does to the tables of the first. */
async function operations(sql: string): Promise<SchemaOperation[]> {
  const parser = await loadParser()
  const catalog = emptyCatalog()
  const first = `create table posts (id bigint primary key, title varchar(20), price numeric(8,2), checked text,
    constraint there check (checked is not null));`
  foldFile(catalog, parser, sourceText('1.sql', first))
  foldFile(catalog, parser, sourceText('2.sql', sql))
  return catalog.operations
}

async function kinds(sql: string): Promise<string[]> {
  return (await operations(sql)).map(({ kind, name }) => (name ? `${kind} ${name}` : kind))
}

describe('operations', () => {
  it.each([
    ['create index posts_title on posts (title)', ['create-index posts_title']],
    ['alter table posts add column n int', []],
    ['alter table posts add column n int not null default 0, add column t timestamptz default now()', []],
    ['alter table posts add column n uuid default gen_random_uuid()', ['add-computed-column n']],
    ['alter table posts add column n bigserial', ['add-computed-column n']],
    ['alter table posts add column n text not null', ['add-required-column n']],
    ['alter table posts add column n bigint references posts', []],
    ['alter table posts add foreign key (id) references posts not valid', ['add-foreign-key']],
    ['alter table posts alter title type text', []],
    ['alter table posts alter title type varchar(10)', ['change-type title']],
    ['alter table posts alter price type numeric(12,2)', []],
    ['alter table posts alter price type numeric(12,4)', ['change-type price']],
    ['alter table posts alter title set not null', ['set-not-null title']],
    ['alter table posts alter checked set not null', []],
    ['alter table posts drop column title, drop column if exists nothing', ['drop-column title']],
    ['alter table posts rename title to headline', ['rename-column title']],
    ['drop table posts, nothing', ['drop-table']],
    ['do $$ begin alter table posts drop column title; end $$', ['drop-column title']],
  ])('%s', async (sql, expected) => {
    expect(await kinds(sql)).toEqual(expected)
  })

  it('know their file: its statements, its transaction, its lock_timeout, and who made the table', async () => {
    const found = await operations(
      `create table fresh (id int); set lock_timeout = '5s'; begin; drop table posts; commit; create index on fresh (id);`,
    )
    expect(
      found.map(({ kind, createdIn, inTransactionBlock, lockTimeout, statements }) => [
        kind,
        createdIn,
        inTransactionBlock,
        lockTimeout,
        statements,
      ]),
    ).toEqual([
      ['drop-table', '1.sql', true, true, 6],
      ['create-index', '2.sql', undefined, true, 6],
    ])
  })
})
