import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Writes a Next.js + Supabase app of about `count` source files: 1 page, 1 action module, 1 data module, 1 handler per feature, the
 * rest interface components of ordinary size. Deterministic, so that two runs measure the same input.
 */
export function generateApp(root, count) {
  const write = (file, text) => {
    const target = path.join(root, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  write(
    'package.json',
    JSON.stringify({
      name: 'bench',
      dependencies: {
        next: '16.1.2',
        react: '19.2.0',
        '@supabase/ssr': '0.8.0',
        '@supabase/supabase-js': '2.90.1',
        zod: '4.1.0',
      },
    }),
  )
  write('tsconfig.json', JSON.stringify({ compilerOptions: { paths: { '@/*': ['./*'] } } }))
  write('lib/supabase/server.ts', serverClient)
  write('lib/auth.ts', auth)
  write(
    'app/layout.tsx',
    `export default function RootLayout({ children }: { children: React.ReactNode }) {\n  return <html lang="en"><body>{children}</body></html>\n}\n`,
  )
  const features = Math.max(1, Math.floor(count / 20))
  for (let f = 0; f < features; f++) {
    write(`app/feature${f}/page.tsx`, page(f))
    write(`app/feature${f}/[id]/page.tsx`, detail(f))
    write(`app/api/feature${f}/route.ts`, handler(f))
    write(`lib/feature${f}/actions.ts`, actions(f))
    write(`lib/feature${f}/data.ts`, data(f))
    write(`components/feature${f}/form.tsx`, form(f))
    for (let c = 0; c < 13; c++) write(`components/feature${f}/part${c}.tsx`, component(f, c))
  }
}

const serverClient = `import { createServerClient } from '@supabase/ssr'
import { cookies } from 'next/headers'

export async function createClient() {
  const store = await cookies()
  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
    cookies: { getAll: () => store.getAll(), setAll: list => list.forEach(c => store.set(c.name, c.value, c.options)) },
  })
}
`
const auth = `import { redirect } from 'next/navigation'
import { createClient } from './supabase/server'

export async function requireUser() {
  const supabase = await createClient()
  const { data: { user } } = await supabase.auth.getUser()
  if (!user) redirect('/login')
  return { supabase, user }
}
`

const page = f => `import { list } from '@/lib/feature${f}/data'
import { Form } from '@/components/feature${f}/form'
${Array.from({ length: 6 }, (_, c) => `import { Part${c} } from '@/components/feature${f}/part${c}'`).join('\n')}

export default async function Page({ searchParams }: { searchParams: Promise<{ page?: string }> }) {
  const { page } = await searchParams
  const rows = await list(Number(page ?? '1'))
  return (
    <main>
      <Form />
      {rows.map(row => <Part0 key={row.id} title={row.title} body={row.body} onSelect={undefined} />)}
      ${Array.from({ length: 5 }, (_, c) => `<Part${c + 1} title="${c}" body="text" onSelect={undefined} />`).join('\n      ')}
    </main>
  )
}
`
const detail = f => `import { notFound } from 'next/navigation'
import { byId, children } from '@/lib/feature${f}/data'
${Array.from({ length: 7 }, (_, c) => `import { Part${c + 6} } from '@/components/feature${f}/part${c + 6}'`).join('\n')}

export const revalidate = 60

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const row = await byId(id)
  if (!row) notFound()
  const list = await children(row.id)
  return <main>{list.map(item => <Part6 key={item.id} title={item.title} body={item.body} onSelect={undefined} />)}</main>
}
`
const handler = f => `import { NextResponse } from 'next/server'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const input = z.object({ title: z.string().min(1).max(120), body: z.string().max(5000) })

export async function POST(request: Request) {
  const { supabase, user } = await requireUser()
  const parsed = input.safeParse(await request.json())
  if (!parsed.success) return NextResponse.json({ error: 'Invalid' }, { status: 400 })
  const { error } = await supabase.from('items${f}').insert({ ...parsed.data, user_id: user.id })
  if (error) return NextResponse.json({ error: error.message }, { status: 500 })
  return NextResponse.json({ ok: true })
}
`
const actions = f => `'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const schema = z.object({ id: z.uuid(), title: z.string().min(1).max(120) })

export async function rename${f}(input: unknown) {
  const parsed = schema.safeParse(input)
  if (!parsed.success) return { ok: false as const, error: 'Invalid input' }
  const { supabase, user } = await requireUser()
  const { error } = await supabase.from('items${f}').update({ title: parsed.data.title }).eq('id', parsed.data.id).eq('user_id', user.id)
  if (error) return { ok: false as const, error: 'Could not save' }
  revalidatePath('/feature${f}')
  return { ok: true as const }
}

export async function removeAll${f}(ids: string[]) {
  const { supabase, user } = await requireUser()
  for (const id of ids) {
    await supabase.from('items${f}').delete().eq('id', id).eq('user_id', user.id)
  }
}
`
const data = f => `import { createClient } from '@/lib/supabase/server'

export async function list(page: number) {
  const supabase = await createClient()
  let query = supabase.from('items${f}').select('id, title, body').order('created_at', { ascending: false })
  if (page > 1) query = query.gt('id', String(page))
  const { data, error } = await query.limit(20)
  if (error) throw new Error('Could not load')
  return data
}

export async function byId(id: string) {
  const supabase = await createClient()
  const { data } = await supabase.from('items${f}').select('*').eq('id', id).maybeSingle()
  return data
}

export async function children(parent: string) {
  const supabase = await createClient()
  const { data, error } = await supabase.from('children${f}').select('id, title, body').eq('parent_id', parent)
  if (error) throw new Error('Could not load')
  return data
}
`
const form = f => `'use client'

import { useState, useTransition } from 'react'
import { rename${f} } from '@/lib/feature${f}/actions'

export function Form() {
  const [title, setTitle] = useState('')
  const [pending, start] = useTransition()
  return (
    <form action={() => start(async () => { await rename${f}({ id: '', title }) })}>
      <input value={title} onChange={event => setTitle(event.target.value)} disabled={pending} />
      <button type="submit">Save</button>
    </form>
  )
}
`
const component = (f, c) => `'use client'

import { useState } from 'react'

export interface Part${c}Props {
  title: string
  body: string
  onSelect: ((id: string) => void) | undefined
}

/** An ordinary card with a little state, as apps have by the hundred. */
export function Part${c}({ title, body, onSelect }: Part${c}Props) {
  const [open, setOpen] = useState(false)
  const [hover, setHover] = useState<number | null>(null)
  const words = body.split(' ').filter(word => word.length > 2)
  const total = words.reduce((sum, word) => sum + word.length, 0)
  return (
    <section className={open ? 'card card-open' : 'card'} onMouseEnter={() => setHover(${c})} onMouseLeave={() => setHover(null)}>
      <header className="flex items-center justify-between gap-2 border-b px-4 py-2">
        <h3 className="text-lg font-semibold">{title}</h3>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Less' : 'More'}</button>
      </header>
      {open ? (
        <div className="space-y-2 p-4 text-sm">
          <p>{body}</p>
          <ul>{words.map((word, index) => <li key={index} className={index === hover ? 'active' : ''}>{word}</li>)}</ul>
          <footer>{total} characters in {words.length} words of feature ${f}</footer>
          <button type="button" onClick={() => onSelect?.(title)} className="rounded bg-black px-3 py-1 text-white">Select</button>
        </div>
      ) : null}
    </section>
  )
}
`
