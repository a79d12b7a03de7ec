import { describe, expect, it } from 'vitest'
import { age, bytes, databaseFacts, driftLine, percent } from './databaseview.ts'
import { database } from './fixtures/database.ts'

describe('what is said of the database', () => {
  it('tells what the migrations did, and whose fault the rest is', () => {
    const [schema] = databaseFacts({ database })
    expect(schema?.text).toBe(
      '63 files of migrations replayed on PostgreSQL 17: 1,030 of 1,048 statements applied; 1 statement fails; 1 statement needs a real Supabase; 1 file runs only statement by statement; 16 later failures go back to those; 1 version number is used by more than one file',
    )
  })

  it('tells what the running one is like, since when it counts and how it differs', () => {
    const [, ...live] = databaseFacts({ database })
    expect(live.map(({ text }) => text)).toEqual([
      'PostgreSQL 17.6, 1.2 GB, 24 tables, 14 of 60 connections in use, 99.9 % of table blocks found in memory',
      'statistics of 12 days (since 2026-11-10)',
      '2 differences from the schema of the files: 1 index, 1 column',
      'could not be read: bloat',
    ])
  })

  it('says when nothing was replayed, and nothing when there is no database', () => {
    expect(databaseFacts({ database: { source: 'migrations', readFrom: 'files', replay: null, live: null } })).toEqual([
      { label: 'Schema', text: 'read from migrations, without replaying them' },
    ])
    expect(databaseFacts({ database: { source: null, readFrom: 'live', replay: null, live: null } })).toEqual([
      { label: 'Schema', text: 'that of the running database: the repository defines none' },
    ])
    expect(databaseFacts({ database: { source: null, readFrom: null, replay: null, live: null } })).toEqual([])
    expect(databaseFacts({})).toEqual([])
  })

  it('names a difference with its side', () => {
    expect(database.live?.drift?.map(driftLine)[0]).toBe('index orders_customer of public.orders: only in the database')
  })
})

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [8192, '8.0 kB'],
    [1_288_490_188, '1.2 GB'],
    [200 * 1024 ** 3, '200 GB'],
  ])('%d bytes are %s', (number, text) => expect(bytes(number)).toBe(text))

  it.each([
    [1, '100 %'],
    [0.99999, '99.9 %'],
    [0, '0 %'],
  ])('%d is %s: nearly all is not all', (ratio, text) => expect(percent(ratio)).toBe(text))

  it.each([
    [12.4, '12 days'],
    [1.5, '36 hours'],
    [0.001, '1 minute'],
  ])('%d days are %s', (days, text) => expect(age(days)).toBe(text))
})
