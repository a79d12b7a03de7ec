import { describe, expect, it } from 'vitest'
import { parseSelect } from './select.ts'

describe('a select list of PostgREST', () => {
  it('has columns with aliases, casts and paths into JSON', () => {
    expect(parseSelect('id, full:name, price::text, data->>key')).toEqual([
      { kind: 'column', name: 'id' },
      { kind: 'column', name: 'name', alias: 'full' },
      { kind: 'column', name: 'price', cast: 'text' },
      { kind: 'column', name: 'data', path: '->>key' },
    ])
  })

  it('has embedded tables, nested, with the foreign key that is meant', () => {
    expect(parseSelect('*, author:profiles!posts_author_fkey(name, team:teams!inner(*)), ...meta(views)')).toEqual([
      { kind: 'column', name: '*' },
      {
        kind: 'embed',
        name: 'profiles',
        alias: 'author',
        hint: 'posts_author_fkey',
        inner: false,
        spread: false,
        items: [
          { kind: 'column', name: 'name' },
          {
            kind: 'embed',
            name: 'teams',
            alias: 'team',
            inner: true,
            spread: false,
            items: [{ kind: 'column', name: '*' }],
          },
        ],
      },
      { kind: 'embed', name: 'meta', inner: false, spread: true, items: [{ kind: 'column', name: 'views' }] },
    ])
  })

  it('has aggregates', () => {
    expect(parseSelect('count(), price.sum()')).toEqual([
      { kind: 'column', name: '*', aggregate: 'count' },
      { kind: 'column', name: 'price', aggregate: 'sum' },
    ])
  })
})
