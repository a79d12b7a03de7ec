import { expect, it } from 'vitest'
import { modelOf } from '../../tools/code/model-of.ts'
import { undecidedGuards } from './undecided.ts'

const PAGE =
  "import * as actions from './actions'\nexport default function Page() { return <form action={actions.save} /> }\n"

async function counted(body: string): Promise<Record<string, number>> {
  const actions = `'use server'
import { guardSession, parseThing, rateCheck } from 'unknown-package'
import { createClient } from '@/lib/server'
export async function save(input: any) {
  const db = await createClient()
  ${body}
}
`
  const model = await modelOf({ 'app/page.tsx': PAGE, 'app/actions.ts': actions })
  const short = { caller: 'caller', input: 'input', calls: 'limited' }
  return Object.fromEntries(
    undecidedGuards(model)
      .filter(({ count }) => count > 0)
      .map(({ what, count }) => [Object.keys(short).find(word => what.includes(word)) ?? what, count]),
  )
}

it('counts accesses whose caller may have been checked by a package that is not known', async () => {
  expect(
    await counted("await guardSession()\nawait db.from('a').insert({ a: 1 })\nawait db.from('b').insert({ a: 1 })"),
  ).toEqual({
    caller: 2,
  })
})

it('counts accesses whose input may have been validated by a package that is not known', async () => {
  expect(await counted("await parseThing(input)\nawait db.from('a').insert(input)")).toEqual({ input: 1 })
})

it('counts endpoints whose calls may be limited', async () => {
  expect(await counted("await rateCheck('x')\nawait db.from('a').insert({ a: 1 })")).toEqual({ calls: 1 })
})

it('counts nothing where it is plain that nobody looks', async () => {
  expect(await counted("await db.from('a').insert(input)")).toEqual({})
})
