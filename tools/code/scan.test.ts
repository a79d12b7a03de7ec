import { describe, expect, it } from 'vitest'
import { scanText } from './scan.ts'

describe('imports', () => {
  it.each<[string, string[]]>([
    ["import a from 'a'", ['a']],
    ['import "side-effect"', ['side-effect']],
    ["import React, { useState } from 'react'", ['react']],
    ["import * as z from 'zod'", ['zod']],
    ["import {\n  a,\n  // of old: c from 'c'\n  b,\n} from './ab'", ['./ab']],
    ["import /* why */ { a } from 'a'", ['a']],
    ["import{a}from'a';import{b}from'b'", ['a', 'b']],
    ["export * from './a'\nexport * as b from './b'\nexport { c } from './c'", ['./a', './b', './c']],
    ["const a = await import('./a')", ['./a']],
    ["dynamic(() => import(/* webpackChunkName: 'x' */ './a').then(m => m.A))", ['./a']],
    ['const a = import(`./a`)', ['./a']],
    ["const { a } = require('a')", ['a']],
    ["import fs = require('fs')", ['fs']],
    ["import type { A } from 'a'", []],
    ["import type A from 'a'", []],
    ["export type { A } from 'a'", []],
    ["import { type A, type B as C } from 'a'", []],
    ["import { type A, b } from 'a'", ['a']],
    ["import type from 'a'", ['a']],
    ["type A = typeof import('a')", []],
    ["// import a from 'a'", []],
    ["const a = 'text'\nexport const from = 1", []],
    ["import json from './a.json' with { type: 'json' }", ['./a.json']],
  ])('%s', (text, imports) => {
    expect(scanText(text).imports).toEqual(imports)
  })

  it('takes no time on text that almost matches', () => {
    const text = `import ${'a, '.repeat(20_000)}\nexport ${'/*'.repeat(20_000)}${'(?:'.repeat(5000)}`
    expect(scanText(text).imports).toEqual([])
    expect(scanText('import\n'.repeat(140_000)).imports).toEqual([])
  })
})

describe('directive', () => {
  it.each([
    ["'use client'\n", 'use client'],
    ['"use server";', 'use server'],
    ["/* licence */\n// @ts-nocheck\n\n'use client'", 'use client'],
    ["'use strict'\n'use client'", 'use client'],
    ["import a from 'a'\n'use client'", undefined],
    ["// 'use client'\nimport a from 'a'", undefined],
    ["const a = 'use client'", undefined],
  ])('%s', (text, directive) => {
    expect(scanText(text).directive).toBe(directive)
  })
})

describe('relevance', () => {
  it.each([
    "const { data } = await supabase.from('a').select()",
    "export default function Page() { redirect('/login') }",
    'export const revalidate = 60\nexport default () => <p />',
    "export function Save() { return <form action={async () => { 'use server' }} /> }",
    'const rows = sql`select 1`',
  ])('of %s', text => {
    expect(scanText(text).relevant).toBe(true)
  })

  it.each([
    "import { cn } from './cn'\nexport function Card({ a }) { return <div className={cn(a)}>{Array.from(a)}</div> }",
    "export const colours = ['red', 'green']",
    'export interface Part { id: string }',
    "'use client'\nconst searchParams = useSearchParams()",
  ])('not of %s', text => {
    expect(scanText(text).relevant).toBe(false)
  })

  it.each([
    "export { a } from './a'",
    "export function isName(value: unknown): value is string { return typeof value === 'string' }",
    "export const TABLES = { parts: 'parts' }",
    'export const partSchema = z.object({ id: z.string() })',
  ])('to those that import it: %s', text => {
    expect(scanText(text)).toMatchObject({ relevant: false, helper: true })
  })

  it.each([
    'export function Card({ a }) { return <div>{a}</div> }',
    `export const RECORDS = [${"'record',".repeat(5000)}]`,
  ])('to nobody: %.60s', text => {
    expect(scanText(text)).toMatchObject({ relevant: false, helper: false })
  })
})
