import { describe, expect, it } from 'vitest'
import { endpointOf, modelOf } from './model-of.ts'

const actions = `'use server'
import { createClient } from '@/lib/server'
export async function save(id) { await (await createClient()).from('parts').update({ id }).eq('id', id) }
`

/** Routes from which the action `save` can be called when the page at /a renders this. */
async function callers(page: string, files: Record<string, string> = {}): Promise<string[]> {
  const model = await modelOf({
    'lib/actions.ts': actions,
    'app/a/page.tsx': page,
    'app/b/page.tsx': 'export default () => <p />',
    ...files,
  })
  expect(model.accesses.map(a => a.routes)).toEqual([endpointOf(model, 'save').routes])
  return endpointOf(model, 'save').routes
}

const client = "'use client'\nimport { save } from '@/lib/actions'\n"

describe('actions are linked to the pages', () => {
  it.each<[string, string]>([
    ['a form', "import { save } from '@/lib/actions'\nexport default () => <form action={save} />"],
    [
      'bound arguments',
      "import { save } from '@/lib/actions'\nexport default () => <form action={save.bind(null, '1')} />",
    ],
    [
      'a handler',
      `${client}export default function P() { const onClick = async () => { await save('1') }; return <button onClick={onClick} /> }`,
    ],
    [
      'a handler of a component that is not read',
      `${client}import { Button } from '@/components/button'\nexport default () => <Button onClick={() => save('1')} />`,
    ],
    [
      'a transition',
      `${client}import { useTransition } from 'react'
      export default function P() { const [, start] = useTransition(); return <i onClick={() => start(async () => { await save('1') })} /> }`,
    ],
    [
      'useActionState',
      `${client}import { useActionState } from 'react'
      export default function P() { const [, run] = useActionState(save, null); return <form action={run} /> }`,
    ],
    [
      'a mutation',
      `${client}import { useMutation } from '@tanstack/react-query'
      export default function P() { const m = useMutation({ mutationFn: id => save(id) }); return <i onClick={() => m.mutate('1')} /> }`,
    ],
    [
      'an effect that uses what is declared after it',
      `${client}import { useEffect } from 'react'
      export default function P() { useEffect(() => { load() }, []); const load = () => save('1'); return <p /> }`,
    ],
    [
      'state that decides',
      `${client}import { useState } from 'react'
      export default function P() { const [open] = useState(false); return open ? <form action={save} /> : <p /> }`,
    ],
    [
      'columns of a table',
      `${client}import { Table } from '@acme/table'
      export default () => <Table columns={[{ id: 'a', cell: row => <i onClick={() => save(row.id)} /> }]} />`,
    ],
  ])('through %s', async (_name, page) => {
    const button =
      'export function Button({ onClick, children }) { return <button onClick={onClick}>{children}</button> }'
    expect(await callers(page, { 'components/button.tsx': button })).toEqual(['/a'])
  })

  it('through a hook in another file and a component that is loaded later', async () => {
    const page =
      "import dynamic from 'next/dynamic'\nconst Panel = dynamic(() => import('@/components/panel'))\nexport default () => <Panel />"
    const files = {
      'components/panel.tsx': `'use client'
        import { useSave } from '@/lib/use-save'
        export default function Panel() { const { mutate } = useSave(); return <i onClick={() => mutate('1')} /> }`,
      'lib/use-save.ts': `import { useMutation } from '@tanstack/react-query'
        import { save } from './actions'
        export function useSave() { return useMutation({ mutationFn: save }) }`,
    }
    expect(await callers(page, files)).toEqual(['/a'])
  })

  it('when a wrapper of the app makes them', async () => {
    const files = {
      'lib/actions.ts': `'use server'
        import { logged } from './logged'
        import { createClient } from './server'
        export const save = logged(async id => { await (await createClient()).from('parts').delete().eq('id', id) })`,
      'lib/logged.ts': 'export const logged = fn => async (...args) => { console.log(args); return fn(...args) }',
    }
    const page = `${client}export default () => <i onClick={() => save('1')} />`
    expect(await callers(page, files)).toEqual(['/a'])
  })

  it('and to none when nothing calls them', async () => {
    const page = "import * as all from '@/lib/actions'\nexport default () => <p>{typeof all}</p>"
    expect(await callers(page)).toEqual([])
  })
})

describe('handlers are linked to the pages that request them', () => {
  it.each<[string, string]>([
    ['fetch', "fetch('/api/parts/' + id, { method: 'DELETE' })"],
    ['a URL with a query', "fetch('/api/parts/' + id + '?soft=1', { method: 'DELETE' })"],
    ['axios', "axios.delete('/api/parts/' + id)"],
  ])('by %s', async (_name, request) => {
    const model = await modelOf({
      'app/api/parts/[id]/route.ts': `import { createAdmin } from '@/lib/admin'
        export async function DELETE(_request, { params }) {
          await createAdmin().from('parts').delete().eq('id', (await params).id)
          return Response.json({})
        }`,
      'app/a/page.tsx': `'use client'
        import axios from 'axios'
        export default ({ id }) => <i onClick={() => ${request}} />`,
    })
    expect(endpointOf(model, 'DELETE').routes).toEqual(['/a', '/api/parts/[id]'])
  })

  it('by an SWR key', async () => {
    const model = await modelOf({
      'app/api/parts/route.ts': 'export const GET = async () => Response.json([])',
      'app/a/page.tsx': `'use client'
        import useSWR from 'swr'
        const fetcher = url => fetch(url).then(r => r.json())
        export default function P() { const { data } = useSWR('/api/parts', fetcher); return <p>{data}</p> }`,
    })
    expect(endpointOf(model, 'GET').routes).toEqual(['/a', '/api/parts'])
  })
})
