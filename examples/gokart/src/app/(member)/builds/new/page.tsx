import type { Metadata } from 'next'
import { BuildForm } from '@/components/build-form'
import { requireUser } from '@/lib/auth'
import { listEngines } from '@/lib/data/engines'
import { listPartOptions } from '@/lib/data/parts'

export const metadata: Metadata = { title: 'New build' }

export default async function NewBuildPage() {
  await requireUser('/builds/new')
  const [engines, parts] = await Promise.all([listEngines(), listPartOptions()])

  return (
    <>
      <h1>New build</h1>
      <BuildForm engines={engines} parts={parts} />
    </>
  )
}
