import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { orWhileBuilding } from '@/lib/build-phase'
import { getEngine, listEngineSlugs } from '@/lib/data/engines'
import { formatPrice } from '@/lib/format'

export const revalidate = 3600

interface Props {
  params: Promise<{ slug: string }>
}

export async function generateStaticParams() {
  const slugs = await orWhileBuilding(listEngineSlugs, [])
  return slugs.map(slug => ({ slug }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params
  const engine = await getEngine(slug)
  return { title: engine?.name ?? 'Engine', description: engine?.summary }
}

export default async function EnginePage({ params }: Props) {
  const { slug } = await params
  const engine = await getEngine(slug)
  if (!engine) notFound()

  return (
    <>
      <h1>{engine.name}</h1>
      <p>{engine.summary}</p>
      <table>
        <tbody>
          <tr>
            <th>Brand</th>
            <td>{engine.brand}</td>
          </tr>
          <tr>
            <th>Displacement</th>
            <td>
              {engine.displacement_cc} cc, {engine.strokes}-stroke, {engine.cooling}-cooled
            </td>
          </tr>
          <tr>
            <th>Power</th>
            <td>
              {engine.power_hp} hp, up to {engine.max_rpm} rpm
            </td>
          </tr>
          <tr>
            <th>Weight</th>
            <td>{engine.weight_kg} kg</td>
          </tr>
          <tr>
            <th>Price</th>
            <td>{formatPrice(engine.price_cents)}</td>
          </tr>
        </tbody>
      </table>
      <h2>Parts that fit</h2>
      <ul>
        {engine.part_engines.map(({ part }) => (
          <li key={part.slug}>
            <Link href={`/parts/${part.slug}`}>{part.name}</Link> {formatPrice(part.price_cents)}
          </li>
        ))}
      </ul>
    </>
  )
}
