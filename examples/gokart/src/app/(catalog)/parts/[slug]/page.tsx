import Link from 'next/link'
import { notFound } from 'next/navigation'
import { PriceList } from '@/components/price-list'
import { SavePartButton } from '@/components/save-part-button'
import { getPart } from '@/lib/data/parts'
import { formatPrice } from '@/lib/format'

export const revalidate = 3600

export default async function PartPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  const part = await getPart(slug)
  if (!part) notFound()

  return (
    <>
      <p className="soft">{part.category?.name}</p>
      <h1>{part.name}</h1>
      <p>{part.description}</p>
      <p>
        {part.brand}, {formatPrice(part.price_cents)}
        {part.weight_g !== null && `, ${part.weight_g} g`}
      </p>
      <SavePartButton partId={part.id} />
      <h2>Where to buy it</h2>
      <PriceList partId={part.id} />
      <h2>Fits</h2>
      <ul>
        {part.part_engines.map(({ engine }) => (
          <li key={engine.slug}>
            <Link href={`/engines/${engine.slug}`}>{engine.name}</Link>
          </li>
        ))}
      </ul>
    </>
  )
}
