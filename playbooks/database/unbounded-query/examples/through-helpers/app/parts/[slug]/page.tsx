import { notFound } from 'next/navigation'
import { findPart } from '@/lib/parts/service'

export const revalidate = 300

export async function generateStaticParams() {
  return []
}

export default async function PartPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  const part = await findPart(slug)
  if (!part) notFound()
  return <h1>{part.name}</h1>
}
